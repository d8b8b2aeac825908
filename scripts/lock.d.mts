/** Runs `work` while no other process holds the same lock folder. */
export function withLock<T>(folder: string, work: () => Promise<T>): Promise<T>;
