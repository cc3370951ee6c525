import { check } from './check.ts';

/** The configuration of README.md with two mistakes in it. */
const FAULTY = `version: 1
upstreams:
  orders:
    targets: [http://127.0.0.1:9001, http://127.0.0.1:9002]
    responseTimeot: 5s
routes:
  - name: orders
    match: { path: /api/orders/:id, methods: [GET, PUT] }
    upstream: order
    rewrite: { stripPrefix: /api }
    access: public
`;

/** What `validate` says about it. */
export async function mistake(): Promise<string> {
  const { printed } = await check(FAULTY);
  return `\`\`\`text\n$ gatewayctl validate\n${printed}\n\`\`\``;
}
