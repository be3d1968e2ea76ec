import { expect, test } from 'vitest'

import { BUILT_IN } from '../../../src/contracts/index.ts'
import { prove } from '../../../src/explore/contracts/proof/prove.ts'

const contracts = BUILT_IN.map(({ contract }) => contract)
const claims = BUILT_IN.flatMap(({ contract, proved }) => proved.map((each) => ({ contract, ...each })))

test.each(claims.map((claim) => [claim.contract.name, claim.threads, claim.calls, claim] as const))(
  'the contract of %s is proved for %i threads, each with %d counted calls',
  { timeout: 300_000 },
  (_, threads, calls, { contract }) => {
    const others = contracts.filter((each) => each !== contract)
    expect(prove(contract, { threads, calls, others, mostStates: 3_000_000 })).toMatchObject({ kind: 'proved' })
  },
)
