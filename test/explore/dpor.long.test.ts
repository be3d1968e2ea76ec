import { testBounds, testReduction } from './reduction.ts'

const PROGRAMS = Number(process.env['PROGRAMS'] ?? 1000)

testReduction(PROGRAMS)
testBounds(PROGRAMS)
