/// Share number `index` of 0..<count, cut into `shares` that differ by one at most: [index · count / shares, (index + 1) · count / shares).
///
/// The larger shares lie spread among the others, so half of the shares, the first ones or the last, have half of the whole: two threads end together.
func share(_ index: Int, of shares: Int, in count: Int) -> Range<Int> { index * count / shares..<(index + 1) * count / shares }
