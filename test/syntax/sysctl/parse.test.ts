import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matches } from '../../../server/src/syntax/sysctl/glob.ts';
import {
  assignmentsOf,
  kernelNumber,
  parseSysctl,
  sysctlName,
  sysctlPath,
} from '../../../server/src/syntax/sysctl/parse.ts';

describe('a line of a sysctl file', () => {
  for (const [line, path, text, also] of [
    ['net.netfilter.nf_conntrack_max = 1', 'net/netfilter/nf_conntrack_max', '1', ''],
    ['net/netfilter/nf_conntrack_max=1', 'net/netfilter/nf_conntrack_max', '1', ''],
    ['  vm.swappiness\t=\t10  ', 'vm/swappiness', '10', ''],
    ['-net.ipv4.ip_forward = 1', 'net/ipv4/ip_forward', '1', 'mayFail'],
    ['- net.ipv4.ip_forward = 1', 'net/ipv4/ip_forward', '1', 'mayFail'],
    ['net.ipv4.tcp_max_syn_backlog = 1024 # 16384', 'net/ipv4/tcp_max_syn_backlog', '1024 # 16384', ''],
    ['net.ipv4.tcp_rmem = 4096 87380 67108864', 'net/ipv4/tcp_rmem', '4096 87380 67108864', ''],
    ['kernel.core_pattern = |/bin/false a=b', 'kernel/core_pattern', '|/bin/false a=b', ''],
    ['net.ipv4.conf.*.rp_filter = 2', 'net/ipv4/conf/*/rp_filter', '2', 'isGlob'],
    ['net/ipv4/conf/eth0.1/rp_filter = 2', 'net/ipv4/conf/eth0.1/rp_filter', '2', ''],
    ['net.ipv4.conf.eth0/1.rp_filter = 2', 'net/ipv4/conf/eth0.1/rp_filter', '2', ''],
    ['net.netfilter.nf_conntrack_max = {{ max }}', 'net/netfilter/nf_conntrack_max', 'xxxxxxxxx', 'isTemplated'],
    ['net.netfilter.nf_conntrack_max = $MAX', 'net/netfilter/nf_conntrack_max', '$MAX', 'isTemplated'],
    ['a.b =', 'a/b', '', ''],
    ['net.netfilter.nf_conntrack_tcp_loose := 0', 'net/netfilter/nf_conntrack_tcp_loose :', '0', ''],
  ] as const)
    it(line, () => {
      const [assignment, ...others] = parseSysctl(line).assignments;
      assert.ok(assignment && others.length === 0);
      const flags = (['mayFail', 'isGlob', 'isTemplated'] as const).filter(flag => assignment[flag]).join(' ');
      assert.deepEqual([assignment.path, assignment.text, flags], [path, text, also]);
    });

  for (const line of ['# a.b = 1', '; a.b = 1', '   # a.b = 1', '', '   ', '{% if ipvs %}', '-a.b', 'a.b'])
    it(`sets nothing: ${JSON.stringify(line)}`, () => assert.deepEqual(parseSysctl(line).assignments, []));

  it('is no assignment, and said to be none', () => {
    const { problems, exclusions } = parseSysctl('a.b\n-c.d\n');
    assert.deepEqual(problems, [{ span: { start: 0, end: 3 } }]);
    assert.deepEqual(exclusions, [{ path: 'c/d', span: { start: 4, end: 8 } }]);
  });

  it('may stand in a condition', () => {
    const { assignments } = parseSysctl('{% if ipvs %}\na.b = 1\n{% endif %}\nc.d = 2\n');
    assert.deepEqual(
      assignments.map(({ isTemplated }) => isTemplated),
      [true, false],
    );
  });

  it('has its spans with CRLF too', () => {
    const text = '\uFEFFa.b = 1\r\n  c.d=2\r\n';
    const shown = parseSysctl(text).assignments.map(each =>
      [each.name, each.value, each.span, each.line].map(({ start, end }) => text.slice(start, end)),
    );
    assert.deepEqual(shown, [
      ['a.b', '1', 'a.b = 1', '\uFEFFa.b = 1\r\n'],
      ['c.d', '2', 'c.d=2', '  c.d=2\r\n'],
    ]);
  });

  it('has spans that lie within it, whatever the text is', () => {
    const pieces = fc.constantFrom(
      'net.a',
      'b/c',
      '=',
      ' ',
      '\t',
      '\n',
      '\r\n',
      '#',
      ';',
      '-',
      '*',
      '{{ x }}',
      '{% if a %}',
      '1',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), parts => {
        const text = parts.join('');
        let from = 0;
        for (const { name, value, span, line } of parseSysctl(text).assignments) {
          assert.ok(from <= line.start && line.start <= span.start && span.start <= name.start);
          assert.ok(name.end <= value.start && value.end <= span.end && span.end <= line.end);
          from = line.end;
        }
        assert.ok(from <= text.length);
      }),
      { seed: 6, numRuns: 500 },
    );
  });
});

describe('names and paths', () => {
  it('are two ways to write one thing', () => {
    for (const name of ['net.ipv4.conf.eth0/1.rp_filter', 'net.netfilter.nf_conntrack_max'])
      assert.equal(sysctlName(sysctlPath(name)), name);
    assert.equal(sysctlPath('/net//core/somaxconn'), 'net/core/somaxconn');
  });

  for (const [pattern, path, is] of [
    ['net/ipv4/conf/*/rp_filter', 'net/ipv4/conf/all/rp_filter', true],
    ['net/*/rp_filter', 'net/ipv4/conf/all/rp_filter', false],
    ['a/b?', 'a/bc', true],
    ['a/[bc]', 'a/c', true],
    ['a/[!bc]', 'a/c', false],
    ['a/[', 'a/[', true],
    ['a.b', 'acb', false],
    ['a/[a-c]x', 'a/bx', true],
    ['a/[a-c]x', 'a/dx', false],
    ['a/*b*c', 'a/bbcbc', true],
    ['a/*b*c', 'a/bbcb', false],
    ['a/*', 'a/', true],
    [`${'*a'.repeat(40)}b`, 'a'.repeat(200), false],
  ] as const)
    it(`${pattern} ${is ? 'means' : 'does not mean'} ${path}`, () => assert.equal(matches(pattern, path), is));
});

describe('of a value the kernel takes', () => {
  for (const [text, value, rest] of [
    ['1024', 1024, ''],
    ['1024 # 16384', 1024, '# 16384'],
    ['0x20', 32, ''],
    ['010', 8, ''],
    ['-1', -1, ''],
    ['0', 0, ''],
  ] as const)
    it(`${text}: ${value}`, () => assert.deepEqual(kernelNumber(text), { value, rest }));

  for (const text of ['61s', '"62"', '1e3', '5m', '', '4294967296', 'yes', '1,000', '+1'])
    it(`nothing: ${text}`, () => assert.equal(kernelNumber(text), null));
});

describe('of several lines', () => {
  const file = parseSysctl('a.x = 1\na.* = 2\na.y = 3\na.y = 4\n-a.z\na.? = 5\n');
  for (const [path, texts] of [
    ['a/x', ['1']],
    ['a/y', ['3', '4']],
    ['a/z', []],
    ['a/w', ['2', '5']],
    ['b/x', []],
  ] as const)
    it(`${path} is set by ${texts.length}`, () =>
      assert.deepEqual(
        assignmentsOf(file, path).map(({ text }) => text),
        texts,
      ));
});
