import { testImportedPrograms } from './random.ts'

testImportedPrograms(100)
