import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { freePort } from './free-port.ts';

/** A real store: Debian's victoria-metrics on loopback, its data in a folder of the test. */

const BINARY = '/usr/bin/victoria-metrics';

/** Whether it is installed (`apt-get install victoria-metrics`). */
export const hasVictoria = existsSync(BINARY);

/** The store; `stop` is a proper end, after which `start` goes on with the same data. */
export interface Victoria {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Times in ms of all points of a name and a run, in order, by device; points that are stored twice stand twice. */
  times(name: string, run: string): Promise<Map<string, number[]>>;
}

/** A store that is not started yet. */
export async function victoria(dir: string): Promise<Victoria> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const args = [
    `-httpListenAddr=127.0.0.1:${port}`,
    `-storageDataPath=${dir}`,
    '-retentionPeriod=100y',
    // A store of the InfluxDB kind keeps one point for each time; this one does so only when told.
    '-dedup.minScrapeInterval=1ms',
    '-memory.allowedBytes=128MiB',
    '-loggerLevel=ERROR',
  ];
  return {
    port,
    async start() {
      child = spawn(BINARY, args, { stdio: 'ignore' });
      for (let tries = 0; tries < 300; tries++) {
        if (
          await fetch(`${url}/health`)
            .then(reply => reply.ok)
            .catch(() => false)
        )
          return;
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      throw new Error('victoria-metrics does not come up within 30 s');
    },
    async stop() {
      const ending = child;
      if (ending === undefined || ending.exitCode !== null) return;
      await new Promise(resolve => {
        ending.on('exit', resolve);
        ending.kill('SIGTERM');
      });
    },
    async times(name, run) {
      await fetch(`${url}/internal/force_flush`);
      const match = `{__name__=${JSON.stringify(name)},run=${JSON.stringify(run)}}`;
      const reply = await fetch(`${url}/api/v1/export?match[]=${encodeURIComponent(match)}`);
      const byDevice = new Map<string, number[]>();
      for (const line of (await reply.text()).split('\n')) {
        if (line === '') continue;
        const { metric, timestamps } = JSON.parse(line) as {
          metric: { device?: string };
          timestamps: number[];
        };
        const device = metric.device ?? '';
        byDevice.set(device, [...(byDevice.get(device) ?? []), ...timestamps]);
      }
      return byDevice;
    },
  };
}
