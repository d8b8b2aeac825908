import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { controllerCves, type IsClosed, nearestFixed } from '../../server/src/simulate/controllerCves.ts';
import { parseVersion } from '../../server/src/text/version.ts';

const nobodyKnows: IsClosed = () => null;
const allOpen: IsClosed = () => false;
const allClosed: IsClosed = () => true;

const SETTINGS = new Map([
  [allOpen, ', not closed by any setting'],
  [allClosed, ', closed by a setting'],
]);

const idsOf = (version: string, isClosed: IsClosed) =>
  controllerCves(parseVersion(version) ?? [0, 0, 0], isClosed)
    .filter(({ fixed }) => fixed.length > 0)
    .map(({ id }) => id);

describe('published vulnerabilities', () => {
  const has: readonly [id: string, version: string, isClosed: IsClosed, open: boolean][] = [
    ['CVE-2025-24513', '1.11.4', nobodyKnows, true],
    ['CVE-2025-24513', '1.11.5', nobodyKnows, false],
    ['CVE-2025-24513', '1.12.0', nobodyKnows, true],
    ['CVE-2025-24513', '1.12.1', nobodyKnows, false],
    ['CVE-2024-7646', '1.10.3', nobodyKnows, true],
    ['CVE-2024-7646', '1.10.4', nobodyKnows, false],
    ['CVE-2024-7646', '1.11.0', nobodyKnows, true],
    ['CVE-2024-7646', '1.11.1', nobodyKnows, true],
    ['CVE-2024-7646', '1.11.2', nobodyKnows, false],
    // Before the setting existed nothing closed it; then the setting alone did, until it was the default.
    ['CVE-2021-25742', '0.49.0', allClosed, true],
    ['CVE-2021-25742', '1.8.0', allOpen, true],
    ['CVE-2021-25742', '1.8.0', allClosed, false],
    ['CVE-2021-25742', '1.8.0', nobodyKnows, false],
    ['CVE-2021-25742', '1.9.0', allOpen, false],
    ['CVE-2025-24514', '1.11.4', allOpen, true],
    ['CVE-2025-24514', '1.11.4', allClosed, false],
    ['CVE-2025-1974', '1.12.0', nobodyKnows, false],
    ['CVE-2025-1974', '1.12.0', allOpen, true],
  ];
  for (const [id, version, isClosed, open] of has) {
    const setting = SETTINGS.get(isClosed) ?? '';
    it(`${id} ${open ? 'is open' : 'is none'} in ${version}${setting}`, () =>
      assert.equal(idsOf(version, isClosed).includes(id), open));
  }

  it('come worst first, then newest', () => {
    const ids = idsOf('1.12.0', allOpen);
    assert.equal(ids[0], 'CVE-2025-1974');
    assert.equal(ids[1], 'CVE-2026-24512');
    assert.equal(ids.at(-1), 'CVE-2026-24513');
  });

  const nearest: readonly [from: string, to: string | null][] = [
    ['1.8.0', '1.13.9'],
    ['1.13.8', '1.13.9'],
    ['1.14.0', '1.14.5'],
    ['1.15.0', '1.15.1'],
    ['1.15.1', null],
  ];
  for (const [from, to] of nearest) {
    it(`${from} is mended by ${to ?? 'nothing later'}`, () =>
      assert.equal(nearestFixed(parseVersion(from) ?? [0, 0, 0], allOpen), to));
  }
});
