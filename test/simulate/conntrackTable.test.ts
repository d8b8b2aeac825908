import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ConntrackNode,
  type ConntrackSettings,
  type ConntrackWrite,
  conntrackMemory,
  conntrackTable,
  entriesHeld,
  someNode,
  wantedMax,
} from '../../server/src/simulate/conntrackTable.ts';

const written = (writes: readonly ConntrackWrite[]) =>
  writes.map(({ knob, wanted, outcome }) => `${knob} ${wanted} ${outcome}`);

describe('the size that kube-proxy wants', () => {
  const table: readonly [
    maxPerCore: number,
    min: number,
    cpus: number,
    to135: number | null,
    from136: number | null,
  ][] = [
    [131_072, 1_572_864, 8, 1_572_864, 1_572_864],
    [131_072, 1_572_864, 9, 1_572_864, 1_048_576],
    [131_072, 1_572_864, 12, 1_572_864, 1_048_576],
    [131_072, 1_572_864, 16, 2_097_152, 1_048_576],
    [32_768, 131_072, 2, 131_072, 131_072],
    [32_768, 131_072, 24, 786_432, 786_432],
    [32_768, 131_072, 32, 1_048_576, 1_048_576],
    [32_768, 131_072, 96, 3_145_728, 1_048_576],
    [0, 524_288, 16, null, null],
    [1, 2_097_152, 64, 2_097_152, 2_097_152],
    // kubernetes/kubernetes#75575
    [65_535, 655_350, 8, 655_350, 655_350],
    [65_535, 655_350, 32, 2_097_120, 1_048_576],
  ];
  for (const [maxPerCore, min, cpus, to135, from136] of table) {
    it(`maxPerCore ${maxPerCore}, min ${min}, ${cpus} CPUs`, () => {
      const entries = (release: number) => wantedMax({ maxPerCore, min }, release, cpus).entries;
      assert.deepEqual([12, 22, 23, 35].map(entries), [to135, to135, to135, to135]);
      assert.deepEqual([36, 37, 38].map(entries), [from136, from136, from136]);
    });
  }

  const deciders: readonly [what: string, settings: ConntrackSettings, release: number, cpus: number, by: string][] = [
    ['nothing set, few CPUs', {}, 36, 2, '131072 by min'],
    ['nothing set, more CPUs', {}, 36, 8, '262144 by maxPerCore'],
    ['nothing set, very many', {}, 36, 64, '1048576 by cap'],
    ['the cap to the letter is no cap', { maxPerCore: 131_072, min: 9_000_000 }, 36, 8, '9000000 by min'],
    ['maxPerCore 0', { maxPerCore: 0 }, 36, 8, 'null by unset'],
    ['max, while there was one', { max: 300_000 }, 14, 8, '300000 by max'],
    ['max beside maxPerCore', { max: 300_000, maxPerCore: 1000 }, 14, 8, 'null by refused'],
    ['max 0 leaves no defaults', { max: 0 }, 14, 8, 'null by unset'],
    ['max, once it was gone', { max: 300_000 }, 15, 8, '262144 by maxPerCore'],
  ];
  for (const [what, settings, release, cpus, expected] of deciders) {
    it(what, () => {
      const { entries, by } = wantedMax(settings, release, cpus);
      assert.equal(`${entries} by ${by}`, expected);
    });
  }
});

describe('what kube-proxy writes at its start', () => {
  const settings = { tcpCloseWaitTimeout: 600 };
  const big = { ...someNode(8), kernel: { ...someNode(8).kernel, max: 900_000, tcpCloseWaitTimeout: 3600 } };
  /** A kernel with a larger table and a longer CLOSE_WAIT than are wanted, and five days for ESTABLISHED. */
  const eras: readonly [releases: readonly number[], writes: string, max: number, established: number][] = [
    [[12, 22], 'max written, buckets kept, established written, closeWait written', 262_144, 86_400],
    [[23, 28], 'max kept, buckets kept, established kept, closeWait kept', 900_000, 432_000],
    [[29, 35], 'max written, buckets kept, established written, closeWait written', 262_144, 86_400],
    [[36, 37], 'max either, buckets kept, established written, closeWait written', 900_000, 86_400],
    [[38, 40], 'max kept, buckets kept, established written, closeWait written', 900_000, 86_400],
  ];
  for (const [releases, expected, max, established] of eras) {
    for (const release of releases) {
      it(`1.${release}, where the kernel has more`, () => {
        const table = conntrackTable(settings, release, big);
        const [first, ...rest] = expected.split(', ').map(word => word.split(' ')[1]);
        assert.deepEqual(
          table.writes.map(({ outcome }) => outcome),
          [first, ...rest],
        );
        assert.deepEqual([table.max, table.tcpEstablishedTimeout], [max, established]);
        assert.equal(table.tcpCloseWaitTimeout, release >= 23 && release <= 28 ? 3600 : 600);
      });
    }
  }

  it('raises what is lower in every release', () => {
    const low = { ...someNode(8), kernel: { ...someNode(8).kernel, max: 65_536, buckets: 16_384 } };
    for (const release of [12, 22, 23, 28, 29, 35, 36, 37, 38]) {
      const table = conntrackTable({}, release, low);
      assert.deepEqual([table.max, table.buckets, table.tcpCloseWaitTimeout], [262_144, 65_536, 3600], `1.${release}`);
      assert.equal(table.isFatal, false);
    }
  });

  const nested: ConntrackNode = { ...someNode(16), access: 'nested' };
  const readOnly: ConntrackNode = {
    ...someNode(16),
    kernel: { ...someNode(16).kernel, buckets: 65_536 },
    access: 'readOnlySysfs',
  };
  const unprivileged: ConntrackNode = { ...someNode(4), access: 'readOnly' };
  const starts: readonly [
    what: string,
    settings: ConntrackSettings,
    release: number,
    node: ConntrackNode,
    writes: string[],
    fatal: boolean,
  ][] = [
    [
      'everything',
      { tcpBeLiberal: true, udpTimeout: 10, udpStreamTimeout: 60.9 },
      36,
      someNode(16),
      [
        'max 524288 written',
        'buckets 131072 kept',
        'tcpEstablishedTimeout 86400 written',
        'tcpCloseWaitTimeout 3600 written',
        'tcpBeLiberal 1 written',
        'udpTimeout 10 written',
        'udpStreamTimeout 60 written',
      ],
      false,
    ],
    [
      'tcpBeLiberal and UDP are not known before 1.29',
      { maxPerCore: 0, tcpEstablishedTimeout: 0, tcpCloseWaitTimeout: 0, tcpBeLiberal: true, udpTimeout: 10 },
      28,
      someNode(16),
      [],
      false,
    ],
    [
      'zero leaves alone',
      { maxPerCore: 0, tcpEstablishedTimeout: 0, tcpCloseWaitTimeout: 0, tcpBeLiberal: false },
      36,
      nested,
      [],
      false,
    ],
    [
      'less than a second is none',
      { maxPerCore: 0, tcpEstablishedTimeout: 0, tcpCloseWaitTimeout: 0.5 },
      36,
      nested,
      ['tcpCloseWaitTimeout 0 written'],
      false,
    ],
    ['in another network namespace', {}, 36, nested, ['max 524288 fatal'], true],
    [
      'in another network namespace, with the size that is there',
      {},
      36,
      { ...nested, kernel: { ...nested.kernel, max: 524_288 } },
      [
        'max 524288 kept',
        'buckets 131072 kept',
        'tcpEstablishedTimeout 86400 written',
        'tcpCloseWaitTimeout 3600 written',
      ],
      false,
    ],
    [
      'read-only sysfs, 1.35',
      {},
      35,
      readOnly,
      [
        'max 524288 written',
        'buckets 131072 event',
        'tcpEstablishedTimeout 86400 written',
        'tcpCloseWaitTimeout 3600 written',
      ],
      false,
    ],
    ['read-only sysfs, 1.36', {}, 36, readOnly, ['max 524288 written', 'buckets 131072 fatal'], true],
    ['where nothing may be written', { maxPerCore: 0 }, 36, unprivileged, ['tcpEstablishedTimeout 86400 fatal'], true],
    [
      'where nothing may be written, and a release that lowers nothing',
      { maxPerCore: 0 },
      27,
      unprivileged,
      ['tcpEstablishedTimeout 86400 kept', 'tcpCloseWaitTimeout 3600 fatal'],
      true,
    ],
    [
      'where nothing may be written, and everything is there',
      { maxPerCore: 1, min: 262_144, tcpEstablishedTimeout: 432_000, tcpCloseWaitTimeout: 60 },
      36,
      unprivileged,
      ['max 262144 kept', 'buckets 65536 kept', 'tcpEstablishedTimeout 432000 kept', 'tcpCloseWaitTimeout 60 kept'],
      false,
    ],
    ['max beside maxPerCore', { max: 1, maxPerCore: 1 }, 12, someNode(2), [], true],
  ];
  for (const [what, given, release, node, writes, fatal] of starts) {
    it(what, () => {
      const table = conntrackTable(given, release, node);
      assert.deepEqual(written(table.writes), writes);
      assert.equal(table.isFatal, fatal);
    });
  }

  it('makes a table of so many bytes', () => {
    assert.equal(conntrackTable({ maxPerCore: 1, min: 1_048_576 }, 36, someNode(4)).memory, 270_532_608);
    assert.equal(conntrackMemory(1_048_576, 262_144) / 1024 ** 2, 258);
  });
});

describe('Little’s law', () => {
  it('holds rate times time', () => {
    // 200 connections a second of which each is left in CLOSE_WAIT.
    assert.deepEqual([entriesHeld(200, 3600), entriesHeld(200, 60)], [720_000, 12_000]);
  });
});
