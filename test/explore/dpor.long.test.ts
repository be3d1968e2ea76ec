import { testReduction } from './reduction.ts'

testReduction(Number(process.env['PROGRAMS'] ?? 1000))
