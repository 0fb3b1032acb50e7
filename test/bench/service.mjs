// @ts-check
// The simulated service, in a process of its own.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { productFolder } from './builds.mjs';
import { out } from '../../scripts/paths.mjs';
import { startGroup } from '../../scripts/processGroup.mjs';

/**
 * Starts the service from the production build. With `faults`, it also serves the calls that it received at `/__journal`.
 *
 * @param {{ clients: number, latency: number, faults?: object[] }} options `faults`: rules of docs/simulator.md
 */
export async function startService({ clients, latency, faults }) {
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
    ...(faults === undefined ? [] : ['--journal', '--faults', faultFile(faults)]),
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

/** @param {object[]} faults */
function faultFile(faults) {
  const file = path.join(out, 'bench', 'faults.json');
  writeFileSync(file, JSON.stringify(faults));
  return file;
}
