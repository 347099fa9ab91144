/// The kernels as their formulas say them, one loop an index, in double precision: what the fast kernels are tested against.
public enum Reference {}
