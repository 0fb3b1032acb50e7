// @ts-check
// The simulated service, in a process of its own.
import path from 'node:path';
import { productFolder } from './builds.mjs';
import { startGroup } from '../../scripts/processGroup.mjs';

/**
 * Starts the service from the production build.
 *
 * @param {{ clients: number, latency: number }} options
 */
export async function startService({ clients, latency }) {
  let output = '';
  /** @type {(text: string) => void} */
  let printed;
  const line = new Promise((resolve) => (printed = resolve));
  const args = [
    path.join(productFolder, 'simulatorCli.js'),
    '--clients',
    String(clients),
    '--latency',
    String(latency),
  ];
  const group = startGroup(process.execPath, args, {
    onOutput: (text) => {
      output += text;
      if (output.includes('\n')) printed(output);
    },
  });
  await Promise.race([line, group.exited]);
  try {
    return {
      target: { ...JSON.parse(output.split('\n', 1)[0] ?? ''), clients },
      stop: () => group.stop(),
    };
  } catch {
    await group.stop();
    throw new Error(`the simulator did not start: ${output.trim()}`);
  }
}
