import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { mutants, mutated } from './mutants.ts'
import { robustMutants } from './robust-mutants.ts'

test.each([...mutants, ...robustMutants].map((mutant) => [`${mutant.file}: ${mutant.what}`, mutant] as const))(
  'finds %s',
  async (_, mutant) => {
    const result = explore(mutant.scenario(await mutated(mutant)), { maxSchedules: 20_000 })
    expect(result).toMatchObject({ verdict: 'fail' })
  },
)
