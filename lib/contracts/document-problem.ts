/** What is wrong with a document that has the right shape, by the path of its field (`clauses.2.atRisk`). */
export type DocumentProblem = { readonly path: string; readonly message: string };
