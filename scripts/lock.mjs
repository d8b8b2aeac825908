import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT = 1000;
const STALE = 15 * BEAT;

/**
 * Runs `work` while no other process holds the same lock folder. The holder touches the folder every second, so a lock
 * left by a killed process is taken over after a quarter of a minute.
 */
export async function withLock(folder, work) {
  mkdirSync(dirname(folder), { recursive: true });
  for (let told = false; !take(folder); told = true) {
    if (!told) console.log('Another run is installing here; waiting for it …');
    await sleep(BEAT / 2);
  }
  const beat = setInterval(() => touch(folder), BEAT);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(folder, { recursive: true, force: true });
  }
}

function take(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > STALE) rmSync(folder, { recursive: true, force: true });
  return false;
}

function touch(folder) {
  const now = new Date();
  try {
    utimesSync(folder, now, now);
  } catch {
    // Someone took it for abandoned, as after the machine slept. The work itself is still sound.
  }
}
