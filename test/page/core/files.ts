/** The test files that run in the browser too. */
export const FILES: Readonly<Record<string, () => Promise<unknown>>> = import.meta.glob([
  '../../explore/*.test.ts',
  '../../explore/globals/*.test.ts',
  '../../explore/clients/*.test.ts',
  '../../explore/contracts/*.test.ts',
  '../../explore/report/*.test.ts',
  '../../explore/spins/*.test.ts',
  '../../explore/loops/*.test.ts',
  '../../sync/*.test.ts',
  '../../memory/*.test.ts',
  '../../store/*.test.ts',
  '../../check/*.test.ts',
  '!**/*.long.test.ts',
])
