// Lets `import page from './rule.md'` give the file's text under tsx, as esbuild's loader does in a bundle.
const { readFileSync } = require('node:fs');

require.extensions['.md'] = (module, file) => {
  module.exports = { __esModule: true, default: readFileSync(file, 'utf8') };
};
