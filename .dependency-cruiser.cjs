/**
 * The import rules (docs/design.md 4); they stand nowhere else. test/boundaries.test.ts holds the modules to them by means of its own, since a
 * cruiser that sees no modules finds nothing wrong.
 */
const OURS = '^(bench|bin|config|connectors|models|samples|scripts|server|test|web)/';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid(
      'nothing-of-ours',
      'models/, config/ and server/rules/ import nothing of ours.',
      { path: '^(models|config|server/rules)/' },
      { path: OURS, pathNot: '^$1/' },
    ),
    forbid(
      'contract-only',
      'A connector imports connectors/contract.ts and what all share (connectors/common/) only, never a sibling.',
      { path: '^connectors/([^/]+)/', pathNot: '^connectors/[^/]+/fixtures/' },
      { path: OURS, pathNot: '^connectors/(contract[.]ts$|common/|$1/)' },
    ),
    forbid(
      'contract',
      'The contract imports nothing of ours.',
      { path: '^connectors/[^/]+[.]ts$', pathNot: '^connectors/index[.]ts$' },
      { path: OURS, pathNot: '^connectors/contract[^/]*[.]ts$' },
    ),
    forbid(
      'registry',
      'The registry imports the contract and connectors, and nothing else of ours.',
      { path: '^connectors/index[.]ts$' },
      { path: OURS, pathNot: '^connectors/' },
    ),
    forbid(
      'server-knows-no-channel',
      'The server knows the contract and the registry, no connector.',
      { path: '^server/' },
      { path: '^connectors/', pathNot: '^connectors/(contract|index)[.]ts$' },
    ),
    forbid(
      'server-imports',
      'The server imports config, connectors and models.',
      { path: '^server/', pathNot: '^server/(cli/demo[.]ts$|demo/)' },
      { path: '^(bin|samples|scripts|web)/' },
    ),
    forbid(
      'stand-alone',
      'bin/, samples/ and scripts/ stand alone.',
      { path: '^(bin|samples|scripts)/' },
      { path: OURS, pathNot: '^$1/' },
    ),
    forbid(
      'web-imports',
      'web/ imports types from server/http/dto only.',
      { path: '^web/' },
      { path: OURS, pathNot: '^(web|server/http/dto)/' },
    ),
    forbid(
      'web-types-only',
      'web/ imports types from server/http/dto, no code.',
      { path: '^web/' },
      { path: '^server/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'no-tests-in-code',
      'Code imports no tests and no measurements.',
      { path: '^(bin|config|connectors|models|samples|scripts|server|web)/' },
      { path: '^(bench|test)/' },
    ),
    forbid(
      'start-loads-later',
      'mongod starts while the rest of the program is loaded: what runs before loads none of it.',
      { path: '^server/(main|database|cli/(start|context))[.]ts$' },
      { path: '^server/(core|hub)[.]ts$', dynamic: false, dependencyTypesNot: ['type-only'] },
    ),
    forbid('no-circles', 'No circles.', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    forbid('resolvable', 'Every import resolves.', {}, { couldNotResolve: true }),
    forbid(
      'no-dev-dependencies',
      'What runs has its packages among the dependencies.',
      { path: '^(bin|config|connectors|models|server)/' },
      { dependencyTypes: ['npm-dev'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
