/** Every figure linkage decides by, in one place, so that a simulation can try others. Bits are log2 of likelihood ratios. */
export interface LinkageParameters {
  /** Beyond it a link is hard. By a prior of 1 pair in 10,000 compared and a wrong link in 100: 19.9. */
  readonly hardBits: number;
  /** Beyond it a link is soft. */
  readonly softBits: number;
  /** Accounts this much alike are looked at once more when one of them changed. */
  readonly secondLookBits: number;
  /** Beyond it an account seems to be a sanctioned operator's return; acted on softly. */
  readonly evasionBits: number;
  /** Beyond it a return is likely, if something of a person's own or their wording agrees too. */
  readonly likelyReturnBits: number;
  /** What each further pair of words of at least this rarity adds to the rarest. */
  readonly wordingBitsEach: number;
  readonly wordingRarityMin: number;
  /** What many rare pairs in common count for in a return: no two people come to them by themselves. */
  readonly returnWordingBitsMax: number;
  /** What coming at one time counts for in a return: who was stopped comes back when they please. */
  readonly returnTimeBitsMax: number;
  /** What a family of fields can count for at most. */
  readonly familyBitsMax: number;
  /** What the further fields of a family add to its strongest at most. */
  readonly furtherBitsMax: number;
  /** Network, time, client and content together: they describe a class of people, not a person. */
  readonly cohortBitsMax: number;
  /** What network counts for behind an egress many people share. */
  readonly sharedNetworkBitsMax: number;
  /** Families that must agree for a hard link, each by `familyBitsMin`. */
  readonly familiesMin: number;
  readonly familyBitsMin: number;
  /** What mail or payment must tell by itself for a hard link. */
  readonly personalBitsMin: number;
  /** What content must tell where a card is shared by no more accounts than a household has. */
  readonly contentBitsMin: number;
  /** What one mail domain counts for while nothing says that one hand makes its addresses. */
  readonly domainBitsMax: number;
  /** What a pattern of names counts for by its rarity alone. */
  readonly patternBitsMax: number;
  /** Share of the addresses of a domain that must be drawn alike before their pattern counts. */
  readonly drawnShareMin: number;
  /** Accounts that pay with one card up to which they may be a household. */
  readonly householdMax: number;
  /** A pattern counts for its excess in a cohort from this many accounts on. */
  readonly groupMin: number;
  /** Taken off for the many cohorts that are looked at. */
  readonly groupPriorBits: number;
  /** The same, of cohorts whose accounts came in step. */
  readonly steppedPriorBits: number;
  readonly groupBitsMax: number;
  /** What coming in one row that kept step counts for, where two did not come together. */
  readonly stepBits: number;
  /** People on a network, otherwise unlinked, from which on it counts as shared. */
  readonly sharedPeopleMin: number;
  /** The least number of operators a value's rarity is measured against: a new service knows little of what is rare. */
  readonly populationMin: number;
  readonly linkDays: number;
}

export const LINKAGE_PARAMETERS: LinkageParameters = {
  hardBits: 20,
  softBits: 14,
  secondLookBits: 16,
  evasionBits: 15,
  likelyReturnBits: 20,
  wordingBitsEach: 2,
  wordingRarityMin: 5,
  returnWordingBitsMax: 18,
  returnTimeBitsMax: 3,
  familyBitsMax: 14,
  furtherBitsMax: 2,
  cohortBitsMax: 13,
  sharedNetworkBitsMax: 1.5,
  familiesMin: 3,
  familyBitsMin: 2,
  personalBitsMin: 7,
  contentBitsMin: 5,
  domainBitsMax: 4,
  patternBitsMax: 4,
  drawnShareMin: 0.6,
  householdMax: 3,
  groupMin: 4,
  groupPriorBits: 12,
  steppedPriorBits: 4,
  groupBitsMax: 10,
  stepBits: 4,
  sharedPeopleMin: 8,
  populationMin: 10_000,
  linkDays: 180,
};
