type Withdrawn = {
  readonly requestedById: string;
  readonly endpoint: { readonly useCase: { readonly ownerId: string } };
};

/** Whose promotion it is to take back: the requester's, and the use case's owner's. */
export function mayWithdraw(row: Withdrawn, person: { readonly id: string }): boolean {
  return person.id === row.requestedById || person.id === row.endpoint.useCase.ownerId;
}
