import { test } from 'node:test';
import { runInNodeHost, runInWebHost } from '../../scripts/vscode/suite.mts';

test('test/vscode passes in the Node extension host', () => runInNodeHost());

test('test/vscode passes in the extension host of VS Code for the Web', () => runInWebHost());
