import Glibc

/// 1 / (1 + exp(−x))
func logistic(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
