import type { Change } from './edit.ts';
import type { CommandWord, KubeProxyCommand } from './kubeProxyFlags.ts';

/** How k3s and RKE2 are given a flag for kube-proxy on their own command line. */
const OPTION = '--kube-proxy-arg';

/** The words of k3s or RKE2 as far as they are kube-proxy's; null if none is. They bring flags of their own. */
export function proxyArguments<Command extends Pick<KubeProxyCommand, 'words' | 'mayHaveMore' | 'append'>>(
  command: Command,
): (Command & { readonly hasOwnDefaults: true }) | null {
  const words = command.words.flatMap((word, index) => argumentAt(command.words, word, index));
  if (words.length === 0) return null;
  return {
    ...command,
    words,
    append: (word: string) => command.append(`${OPTION}=${word.slice(2)}`),
    hasOwnDefaults: true,
  };
}

function argumentAt(words: readonly CommandWord[], word: CommandWord, index: number): CommandWord[] {
  const text = word.value.known ?? '';
  const prefix = `${OPTION}=`;
  if (text.startsWith(prefix)) {
    return [
      {
        value: word.value.map(own => asFlag(own.slice(prefix.length))),
        set: flag => word.set(prefix + flag.replace(/^--/, '')),
        removal: word.removal,
      },
    ];
  }
  const next = text === OPTION ? words[index + 1] : undefined;
  if (!next) return [];
  const both = together(word.removal, next.removal);
  return [{ value: next.value.map(asFlag), set: flag => next.set(flag.replace(/^--/, '')), removal: both }];
}

function asFlag(text: string): string {
  return `--${text.replace(/^-+/, '')}`;
}

/** Two edits of one text as one change. */
function together(one: Change, other: Change): Change {
  if (one.change.op !== 'edit' || other.change.op !== 'edit') return other;
  return { ...one, change: { op: 'edit', edits: [...one.change.edits, ...other.change.edits] } };
}
