import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  chanceOfDailyRestart,
  chanceOfRun,
  connectionAttempts,
  KUBERNETES_PROBE,
  lossForDailyRestart,
  type ProbeTiming,
  timeToKill,
  timeToKillAtStart,
} from '../../server/src/simulate/probe.ts';

/** `delay/period/timeout/failures` */
function probe(text: string): ProbeTiming {
  const [initialDelaySeconds = 0, periodSeconds = 0, timeoutSeconds = 0, failureThreshold = 0] = text
    .split('/')
    .map(Number);
  return { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold };
}

/** A generator of numbers in [0, 1) that gives the same ones every time (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The kubelet's worker, tick by tick: when it kills a container that answers no probe that starts after `silentFrom`,
 * or whose connections are lost by `lose`. Null if it lives past `until`.
 */
function killedAt(probe: ProbeTiming, until: number, answers: (start: number) => boolean): number | null {
  let failures = 0;
  let tick = 0;
  for (let start = 0; start < until; ) {
    const answered = answers(start);
    const end = start + (answered ? 0 : probe.timeoutSeconds);
    failures = answered ? 0 : failures + 1;
    if (failures >= probe.failureThreshold) return end;
    // The channel of a ticker holds one tick: of those that a slow probe missed, the first is left.
    tick = Math.max(tick + 1, Math.floor(end / probe.periodSeconds));
    start = Math.max(end, tick * probe.periodSeconds);
  }
  return null;
}

describe('the time until a silent container is killed', () => {
  for (const [text, min, max] of [
    ['10/10/1/5', 41, 51],
    ['10/10/1/3', 21, 31],
    ['0/5/2/2', 7, 12],
    ['0/10/5/5', 45, 55],
    ['0/10/1/1', 1, 11],
    ['0/5/30/2', 60, 65],
  ] as const)
    it(`is ${min} to ${max} seconds with ${text}`, () => assert.deepEqual(timeToKill(probe(text)), { min, max }));

  it('is what the worker does, wherever between two ticks the silence begins', () => {
    const random = chances(1);
    for (const text of ['10/10/1/5', '10/10/1/3', '0/5/2/2', '0/1/1/3', '0/10/10/3']) {
      const timing = probe(text);
      const { min, max } = timeToKill(timing);
      const waits = Array.from({ length: 2000 }, () => {
        const silentFrom = 100 + random() * timing.periodSeconds;
        return (killedAt(timing, 1000, start => start < silentFrom) ?? Number.NaN) - silentFrom;
      });
      assert.ok(Math.min(...waits) >= min - 1e-9 && Math.min(...waits) < min + 0.05, `${text}: ${Math.min(...waits)}`);
      assert.ok(Math.max(...waits) <= max + 1e-9 && Math.max(...waits) > max - 0.05, `${text}: ${Math.max(...waits)}`);
    }
  });

  it('counts from the initial delay, or from the startup probe’s, in a container that never answers', () => {
    assert.deepEqual(timeToKillAtStart(probe('10/10/1/5'), null), { min: 51, max: 61 });
    assert.deepEqual(timeToKillAtStart(probe('10/10/1/5'), probe('5/10/1/30')), { min: 296, max: 306 });
  });
});

describe('the first packet of a connection', () => {
  for (const [timeout, attempts] of [
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 3],
    [8, 4],
    [10, 4],
  ] as const)
    it(`is sent ${attempts} times within ${timeout} seconds`, () =>
      assert.equal(connectionAttempts(timeout), attempts));
});

describe('the loss at which a restart a day becomes likely', () => {
  for (const [name, text, percent] of [
    ['the chart’s own probe', '10/10/1/5', 15.7],
    ['Kubernetes’ defaults', '0/10/1/3', 4.4],
    ['two failures', '0/10/1/2', 0.9],
    ['every five seconds, two failures', '0/5/1/2', 0.6],
    ['a timeout of five seconds, five failures', '0/10/5/5', 53.9],
    ['once a minute, one failure', '0/60/1/1', 0.05],
  ] as const)
    it(`is ${percent} % for ${name}`, () => {
      const loss = lossForDailyRestart(probe(text)) * 100;
      assert.ok(Math.abs(loss - percent) < 0.05 + percent * 0.01, `${loss}`);
    });

  it('is never reached by no loss, and always by total loss', () => {
    assert.equal(chanceOfDailyRestart(KUBERNETES_PROBE, 0), 0);
    assert.equal(chanceOfDailyRestart(KUBERNETES_PROBE, 1), 1);
  });

  it('falls as the threshold falls, and as probes come closer together', () => {
    for (let failures = 2; failures < 10; failures++) {
      assert.ok(
        lossForDailyRestart(probe(`0/10/1/${failures}`)) < lossForDailyRestart(probe(`0/10/1/${failures + 1}`)),
      );
      assert.ok(lossForDailyRestart(probe(`0/5/1/${failures}`)) < lossForDailyRestart(probe(`0/10/1/${failures}`)));
    }
  });

  it('agrees with days that are played through', () => {
    const random = chances(2);
    const DAYS = 500;
    for (const [text, loss] of [
      ['0/60/1/3', 0.09],
      ['0/60/1/2', 0.02],
      ['0/60/5/3', 0.4],
      ['0/60/2/5', 0.5],
      ['0/60/1/3', 0.05],
    ] as const) {
      const timing = probe(text);
      const attempts = connectionAttempts(timing.timeoutSeconds);
      const answers = () => Array.from({ length: attempts }, random).some(chance => chance >= loss);
      let killed = 0;
      for (let day = 0; day < DAYS; day++) if (killedAt(timing, 86_400, answers) !== null) killed++;
      const expected = chanceOfDailyRestart(timing, loss);
      const deviation = Math.sqrt((expected * (1 - expected)) / DAYS);
      assert.ok(
        Math.abs(killed / DAYS - expected) < 4 * deviation,
        `${text} at ${loss}: ${killed / DAYS}, not ${expected}`,
      );
    }
  });

  it('counts runs exactly', () => {
    // Of the 16 rows of four coins, 8 hold two heads in a row, and 3 hold three.
    assert.equal(chanceOfRun(4, 2, 0.5), 8 / 16);
    assert.equal(chanceOfRun(4, 3, 0.5), 3 / 16);
    assert.equal(chanceOfRun(2, 3, 0.5), 0);
  });
});
