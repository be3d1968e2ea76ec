import { testReduction } from './reduction.ts'

testReduction(100)
