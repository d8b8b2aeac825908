import { startOnStdio } from './stdio.ts';

startOnStdio();
