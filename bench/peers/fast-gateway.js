import gateway from 'fast-gateway';

const [port, upstreamPort] = process.argv.slice(2);

const app = gateway({ routes: [{ prefix: '', target: `http://127.0.0.1:${upstreamPort}` }] });
await app.start(Number(port), '127.0.0.1');
