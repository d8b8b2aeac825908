/** A rule's page, as text: esbuild's loader when bundled, `test/page-hook.cjs` under tsx. */
declare module '*.md' {
  const page: string;
  // biome-ignore lint/style/noDefaultExport: the text loaders export text as the default.
  export default page;
}
