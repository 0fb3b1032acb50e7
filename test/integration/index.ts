import { optionsFromEnvironment, runMocha } from '../support/host/runMocha';

/** The entry of a test run: VS Code, in the browser or on the desktop, loads this file and calls it. */
export function run(): Promise<void> {
  return runMocha(optionsFromEnvironment(process.env, __dirname));
}
