// Prints each journey that failed and the first lines of why.
//
//   node scripts/failed-journeys.mjs target/journeys.json

import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const LINES = 12;

function* specs(suite) {
  yield* suite.specs ?? [];
  for (const inner of suite.suites ?? []) yield* specs(inner);
}

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const spec of specs(report)) {
  for (const { message = '' } of spec.tests.flatMap((test) => test.results).flatMap((result) => result.errors)) {
    const lines = stripVTControlCharacters(message).split('\n').filter((line) => line.trim());
    console.log(`failed: ${spec.file}: ${spec.title}\n    ${lines.slice(0, LINES).join('\n    ')}`);
  }
}
