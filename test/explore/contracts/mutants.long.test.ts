import { expect, test } from 'vitest'

import { contractsOf } from '../../../src/contracts/index.ts'
import { prove } from '../../../src/explore/contracts/proof/prove.ts'
import type { Proof } from '../../../src/explore/contracts/proof/proof.ts'
import { mutants, mutated } from '../mutants.ts'
import type { Mutant } from '../mutants.ts'

/** A party withdraws if its time runs out, and no contract covers methods with a timeout. */
const TIMED = 'a withdrawal that overlooks an arrival'

async function proofOf(mutant: Mutant): Promise<Proof> {
  const contracts = contractsOf(await mutated(mutant)).map(({ contract }) => contract)
  const contract = contracts.find(({ name }) => name.toLowerCase() === mutant.file.replaceAll('-', ''))!
  const others = contracts.filter((each) => each !== contract)
  const two = prove(contract, { threads: 2, others })
  return two.kind === 'refuted' ? two : prove(contract, { threads: 3, others })
}

test.each(
  mutants.filter(({ what }) => what !== TIMED).map((mutant) => [`${mutant.file}: ${mutant.what}`, mutant] as const),
)('the contract refuses %s', async (_, mutant) => {
  expect(await proofOf(mutant)).toMatchObject({ kind: 'refuted' })
})
