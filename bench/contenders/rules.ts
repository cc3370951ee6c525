import { ORDER_SCHEMA } from '../documents.ts';
import { catchAll, catchAllWith, twoUpstreams, type Sections } from './gateway-yaml.ts';

/** A limit that nobody reaches. */
export const LIMIT = 'rateLimit: { requests: 1000000, per: 1s }';

/** As the origin allows. */
const CACHE = 'cache: {}';

/** What the gateways of the cases `rule-*` and `cache-*` have in their files. Every request of the load is let through. */
export const RULES: Readonly<Record<string, Sections>> = {
  ip: { routes: catchAllWith({ rule: 'ip: { allow: [127.0.0.0/8], deny: [10.6.6.6] }' }) },
  limit: { routes: catchAllWith({ rule: LIMIT }) },
  cors: { routes: catchAllWith({ rule: 'cors: { origins: ["https://shop.example.com"], credentials: true }' }) },
  query: { routes: catchAllWith({ rule: 'request: { query: { set: { source: gateway }, remove: [debug] } }' }) },
  split: {
    upstreams: twoUpstreams,
    routes: catchAllWith({
      to: 'split: { sticky: client, to: [{ upstream: origin, weight: 95 }, { upstream: other, weight: 5 }] }',
    }),
  },
  mirror: {
    upstreams: twoUpstreams,
    routes: catchAllWith({ rule: 'mirror: { upstream: other, ratio: 0.05 }' }),
  },
  'mirror-elsewhere': {
    upstreams: twoUpstreams,
    routes: [...catchAll, { name: 'elsewhere', path: '/elsewhere/*rest', rule: 'mirror: { upstream: other }' }],
  },
  headers: {
    routes: catchAllWith({
      rule:
        'request: { headers: { set: { x-caller: "{{client.ip}}", x-request: "{{request.id}}" }, remove: [cookie] } }, ' +
        'response: { headers: { set: { x-answer-to: "{{request.id}}", x-frame-options: DENY }, remove: [server] } }',
    }),
  },
  validate: {
    routes: catchAllWith({
      rule:
        'validate: { query: { type: object, properties: { page: { type: integer, minimum: 1 }, ' +
        'sort: { type: string, enum: [name, date] } }, additionalProperties: false } }',
    }),
  },
  cache: { routes: catchAllWith({ rule: CACHE }) },
  // So little memory that it is full after a fraction of a second.
  'cache-full': { routes: catchAllWith({ rule: CACHE }), more: 'cache: { memory: 4MiB }\n' },
  'cache-elsewhere': { routes: [...catchAll, { name: 'elsewhere', path: '/elsewhere/*rest', rule: CACHE }] },
  body: { routes: catchAllWith({ rule: `validate: { body: ${ORDER_SCHEMA} }` }) },
  edit: { routes: catchAllWith({ rule: 'response: { body: { remove: [/internal], set: { /edited: true } } }' }) },
};
