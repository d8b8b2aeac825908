/** Replaced when the command line is bundled. */
declare const INGRESS_PATH_VERSION: string | undefined;

/** The version of the program. */
export const VERSION = typeof INGRESS_PATH_VERSION === 'string' ? INGRESS_PATH_VERSION : '0.0.0-source';
