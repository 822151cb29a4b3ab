/** The import rules of DESIGN 4. test/boundaries.test.ts asserts them too, by other means, and that modules were seen at all. */
const OURS = '^(bin|config|connectors|models|samples|scripts|server|web)/';

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
      'registry',
      'Only the registry names connectors.',
      { path: '^connectors/[^/]+[.]ts$', pathNot: '^connectors/index[.]ts$' },
      { path: '^connectors/[^/]+/' },
    ),
    forbid(
      'server-knows-no-channel',
      'The server knows the contract and the registry, no connector.',
      { path: '^server/' },
      { path: '^connectors/[^/]+/' },
    ),
    forbid(
      'server-imports',
      'The server imports config, connectors and models.',
      { path: '^server/', pathNot: '^server/(cli/demo[.]ts$|demo/)' },
      { path: '^(bin|samples|scripts|test|web)/' },
    ),
    forbid(
      'web-imports',
      'web/ imports types from server/http/dto only.',
      { path: '^web/' },
      { path: OURS, pathNot: '^(web/|server/http/dto)' },
    ),
    forbid(
      'web-types-only',
      'web/ imports types from server/http/dto, no code.',
      { path: '^web/' },
      { path: '^server/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'no-tests-in-code',
      'Code imports no tests.',
      { path: '^(bin|config|connectors|models|samples|scripts|server|web)/' },
      { path: '^test/' },
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
