/** Several Redis servers that belong together. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from './debian.ts';
import { callOnce, LIMIT, RedisServer, restDaemon, takeDaemon } from './redis.ts';
import { closedPort } from './upstream.ts';

/** A master, one that follows it, and three sentinels that put it in its place. */
export class RedisSentinels {
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly #sentinels: readonly { readonly daemon: Daemon; readonly port: number }[];

  private constructor(
    master: RedisServer,
    replica: RedisServer,
    sentinels: readonly { readonly daemon: Daemon; readonly port: number }[],
  ) {
    this.master = master;
    this.replica = replica;
    this.#sentinels = sentinels;
    this.url = `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/orders`;
  }

  static async start(): Promise<RedisSentinels> {
    const settings = { 'repl-diskless-sync-delay': '0' };
    const master = await RedisServer.start({ settings });
    const replica = await RedisServer.start({ settings: { ...settings, replicaof: `127.0.0.1 ${master.port}` } });
    await replica.until(['INFO', 'replication'], (info) => String(info).includes('master_link_status:up'));
    const sentinels = [];
    for (let count = 0; count < 3; count += 1) {
      const daemon = await takeDaemon();
      const port = await closedPort();
      // A file, since it writes down there what it has learnt.
      const lines = [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${daemon.folder}`,
        `sentinel monitor orders 127.0.0.1 ${master.port} 2`,
        'sentinel down-after-milliseconds orders 500',
        'sentinel failover-timeout orders 3000',
      ];
      const file = join(daemon.folder, `sentinel-${port}.conf`);
      writeFileSync(file, lines.join('\n'));
      daemon.start([file, '--sentinel']);
      sentinels.push({ daemon, port });
    }
    const started = new RedisSentinels(master, replica, sentinels);
    await started.#untilReady();
    return started;
  }

  async end(): Promise<void> {
    await Promise.all([
      this.master.end(),
      this.replica.end(),
      ...this.#sentinels.map(({ daemon }) => restDaemon(daemon)),
    ]);
  }

  /** A failover needs that all of them know each other and the one that can take over. */
  async #untilReady(): Promise<void> {
    for (const { port, daemon } of this.#sentinels) {
      for (const deadline = performance.now() + LIMIT; ; await sleep(50)) {
        if (performance.now() > deadline) throw new Error(`the sentinels do not know each other: ${daemon.log}`);
        // It may not have started yet.
        const told = await callOnce({ port }, 'INFO', ['sentinel']).catch(() => '');
        if (/slaves=1,sentinels=3/.test(String(told))) break;
      }
    }
  }
}

/** Three nodes that share the keys. */
export class RedisCluster {
  readonly nodes: readonly RedisServer[];

  private constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes;
  }

  static async start(): Promise<RedisCluster> {
    const nodes = [];
    const buses = [];
    for (let count = 0; count < 3; count += 1) {
      const bus = String(await closedPort());
      const settings = {
        'cluster-enabled': 'yes',
        'cluster-config-file': `nodes-${bus}.conf`,
        'cluster-node-timeout': '2000',
        'cluster-port': bus,
      };
      nodes.push(await RedisServer.start({ settings }));
      buses.push(bus);
    }
    const slots = [
      ['0', '5460'],
      ['5461', '10922'],
      ['10923', '16383'],
    ];
    for (const [index, node] of nodes.entries()) {
      await node.call('CLUSTER', 'ADDSLOTSRANGE', ...(slots[index] ?? []));
      await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(node.port), buses[index] ?? '');
    }
    for (const node of nodes)
      await node.until(
        ['CLUSTER', 'INFO'],
        (info) => /cluster_state:ok/.test(String(info)) && /cluster_known_nodes:3/.test(String(info)),
      );
    return new RedisCluster(nodes);
  }

  get urls(): string[] {
    return this.nodes.map(({ port }) => `127.0.0.1:${port}`);
  }

  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end()));
  }
}
