import type {
  ShellCommand,
  ShellPart,
  ShellRedirection,
  ShellScript,
  ShellStatement,
  ShellWord,
} from '../../../server/src/syntax/shell/tree.ts';

/**
 * A script in one line: `name|word|word`, with `$name` for what a variable brings, `$(…)` for commands, `?` for what is not known,
 * `if{condition}{body}`, `for x in(words){body}`, `<<{text}` for the lines of a here-document.
 */
export function drawn({ text, statements }: Pick<ShellScript, 'text' | 'statements'>): string {
  return list(text, statements);
}

function list(text: string, statements: readonly ShellStatement[]): string {
  return statements.map(each => one(text, each)).join('; ');
}

function one(text: string, statement: ShellStatement): string {
  const body = (statements: readonly ShellStatement[]) => `{${list(text, statements)}}`;
  switch (statement.kind) {
    case 'command':
      return command(text, statement);
    case 'pipeline':
      return (statement.negated ? '! ' : '') + statement.parts.map(part => one(text, part)).join(' | ');
    case 'andOr': {
      const [first = '', ...rest] = statement.parts.map(part => one(text, part));
      return first + rest.map((part, i) => ` ${statement.operators[i]} ${part}`).join('');
    }
    case 'for': {
      const words = statement.words?.map(each => word(text, each)).join('|') ?? '@';
      return `for ${statement.variable} in(${words})${body(statement.body)}${redirected(text, statement.redirections)}`;
    }
    case 'while':
    case 'until':
      return `${statement.kind}${body(statement.condition)}${body(statement.body)}${redirected(text, statement.redirections)}`;
    case 'if': {
      const arms = statement.arms.map(arm => body(arm.condition) + body(arm.body)).join('');
      return `if${arms}${statement.otherwise.length > 0 ? `else${body(statement.otherwise)}` : ''}`;
    }
    case 'case': {
      const arms = statement.arms.map(
        arm => `${arm.patterns.map(each => word(text, each)).join('|')})${body(arm.body)}`,
      );
      return `case ${statement.word ? word(text, statement.word) : ''}(${arms.join(' ')})`;
    }
    case 'function':
      return `${statement.name}()${body(statement.body)}`;
    case 'group':
      return body(statement.body) + redirected(text, statement.redirections);
    case 'subshell':
      return `(${list(text, statement.body)})${redirected(text, statement.redirections)}`;
  }
}

function command(text: string, { assignments, words, redirections }: ShellCommand): string {
  const before = assignments.map(each => {
    const value = each.words.map(item => word(text, item)).join('|');
    return `${each.name}${each.whole ? '=' : '?='}${value} `;
  });
  return (before.join('') + words.map(each => word(text, each)).join('|') + redirected(text, redirections)).trim();
}

function redirected(text: string, redirections: readonly ShellRedirection[]): string {
  return redirections
    .map(({ descriptor, operator, target, heredoc }) => {
      const lines = heredoc && `{${text.slice(heredoc.body.start, heredoc.body.end).replaceAll('\n', '/')}}`;
      return ` ${descriptor}${operator}${lines ?? (target ? word(text, target) : '')}`;
    })
    .join('');
}

export function word(text: string, { parts }: ShellWord): string {
  return parts.map(each => part(text, each)).join('');
}

function part(text: string, each: ShellPart): string {
  if (each.kind === 'text') return each.text.replaceAll('\n', '/');
  if (each.kind === 'variable') return each.modifier === '' ? `$${each.name}` : `$${each.name}{${each.modifier}}`;
  if (each.kind === 'commands') return `$(${list(text, each.body)})`;
  return '?';
}
