import { testPrograms } from './random.ts'

testPrograms(4)
