import { testBounds, testReduction } from './reduction.ts'

const PROGRAMS = Number(process.env['PROGRAMS'] ?? 400)

testReduction(PROGRAMS)
testBounds(PROGRAMS)
