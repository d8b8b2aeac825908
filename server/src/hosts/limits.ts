/** Longer texts, in UTF-16 units, are left alone: nobody edits such configuration, and reading it would take seconds. */
export const MAX_TEXT_LENGTH = 4 * 1024 * 1024;

/** Files of a workspace beyond this many are looked at only when they are asked for or opened. */
export const MAX_WORKSPACE_FILES = 50_000;
