import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { findOnPath } from './path.mts';

/** The `code` command of a desktop VS Code. The one inside a remote terminal looks alike and opens no development host. */
export function codeCommand(): string | undefined {
  const command = findOnPath(['code', 'code-insiders', 'codium']);
  return command?.includes(`${sep}remote-cli${sep}`) ? undefined : command;
}

/**
 * The program to run tests in: that of VSCODE_EXECUTABLE, or the one behind the `code` command, which itself returns
 * before the tests end.
 */
export function desktopExecutable(): string | undefined {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const bin = dirname(codeCommand() ?? '');
  return ['../code', '../Code.exe', '../../../MacOS/Electron']
    .map(program => join(bin, program))
    .find(program => bin !== '.' && existsSync(program));
}
