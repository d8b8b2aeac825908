import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

const RULES = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 22 -j ACCEPT
-A PREROUTING -d 1.2.15.21/32 -p tcp -m tcp --dport 443 -j NOTRACK
-A OUTPUT -s 1.2.15.21/32 -p tcp -m tcp --sport 443 -j NOTRACK
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
`;

/** What is shown at the first place of some words in a line. */
function shown(line: number, words: string, language: 'en' | 'zh' = 'en', text = RULES): string | null {
  const core = new Core(message => assert.fail(message));
  core.configure({}, language);
  core.put('rules.v4', text);
  const character = text.split('\n')[line]?.indexOf(words) ?? 0;
  const markdown = core.hover('rules.v4', { line, character: character + 1 })?.markdown.split('\n\n---')[0] ?? '';
  // What the words of the rule mean stands before it.
  const path = markdown.search(/\*\*(?:A connection with|与 )/);
  return path < 0 ? null : markdown.slice(path);
}

describe('hover on a rule', () => {
  it('follows the connections that it is about', () => {
    assert.equal(
      shown(4, 'NOTRACK'),
      `**A connection with 1.2.15.21:443, by this file alone**

to this machine: **times out**

| packet | way |
| --- | --- |
| request, the first | raw PREROUTING rule 2 NOTRACK → untracked → filter INPUT policy DROP |

Conntrack has no entry.

through this machine: **opens**

| packet | way |
| --- | --- |
| request, the first | raw PREROUTING rule 2 NOTRACK → untracked |
| reply, the first | conntrack: INVALID |
| requests | raw PREROUTING rule 2 NOTRACK → untracked |
| replies | conntrack: NEW |

Conntrack has an entry: ESTABLISHED [UNREPLIED].`,
    );
  });

  it('follows those of a rule in another table, in both languages', () => {
    assert.equal(
      shown(12, 'ACCEPT'),
      `**A connection with *:22, by this file alone**

to this machine: **opens**

| packet | way |
| --- | --- |
| request, the first | raw PREROUTING rule 1 ACCEPT → conntrack: NEW → filter INPUT rule 1 ACCEPT |
| reply, the first | conntrack: ESTABLISHED |
| requests | raw PREROUTING rule 1 ACCEPT → conntrack: ESTABLISHED → filter INPUT rule 1 ACCEPT |
| replies | conntrack: ESTABLISHED |

Conntrack has an entry: ESTABLISHED [ASSURED].`,
    );
    assert.match(shown(4, 'NOTRACK', 'zh') ?? '', /发往本机：\*\*超时\*\*[\s\S]*不跟踪 → filter INPUT 默认策略 DROP/);
  });

  it('says nothing of a rule for whatever there is, or between the words of one', () => {
    assert.equal(shown(11, 'ACCEPT'), null);
    assert.equal(shown(4, '--dport'), null);
    assert.equal(shown(4, 'NOTRACK', 'en', RULES.replace('--dport 443', '--dport {{ port }}')), null);
  });
});
