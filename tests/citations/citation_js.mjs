// Prints as CSL-JSON what citation-js reads in a file of BibTeX, RIS or CSL-JSON: node citation_js.mjs FILE
import { readFileSync } from 'node:fs';
import { plugins } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-ris';

console.log(JSON.stringify(plugins.input.chain(readFileSync(process.argv[2], 'utf8'))));
