import { expect, test } from 'vitest'

import { BUILT_IN } from '../../../src/contracts/index.ts'
import { prove } from '../../../src/explore/contracts/proof/prove.ts'

const contracts = BUILT_IN.map(({ contract }) => contract)

test.each(contracts.map((contract) => [contract.name, contract] as const))(
  'the contract of %s is proved for two threads',
  (_, contract) => {
    const others = contracts.filter((each) => each !== contract)
    expect(prove(contract, { threads: 2, calls: 1, others })).toMatchObject({ kind: 'proved' })
  },
)

test('the mutex for one thread has two states: free and held', () => {
  expect(prove(contracts[0]!, { threads: 1 })).toEqual({ kind: 'proved', states: 2 })
})

test('a bound that is reached proves nothing', () => {
  expect(prove(contracts[0]!, { threads: 3, mostStates: 100 })).toEqual({
    kind: 'unknown',
    message: 'it has more than 100 states',
  })
  expect(prove(contracts[0]!, { threads: 3, isTimeUp: () => true })).toMatchObject({ kind: 'unknown' })
})
