/** Runs npm in `folder`, with progress on the terminal and without install scripts. */
export function npm(folder: string, title: string, args: readonly string[]): Promise<void>;
