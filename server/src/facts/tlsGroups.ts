/**
 * Names of groups as `ssl_ecdh_curve` takes them, to their ids in IANA's registry: openssl ssl/t1_lib.c and SSL_CTX_set1_groups(3). Case
 * counts; small letters where 3.0.22 takes them too.
 */
export const TLS_GROUPS: ReadonlyMap<string, string> = new Map([
  ['prime256v1', '0017'],
  ['secp256r1', '0017'],
  ['P-256', '0017'],
  ['secp384r1', '0018'],
  ['P-384', '0018'],
  ['secp521r1', '0019'],
  ['P-521', '0019'],
  ['X25519', '001d'],
  ['x25519', '001d'],
  ['X448', '001e'],
  ['x448', '001e'],
  ['X25519MLKEM768', '11ec'],
]);
