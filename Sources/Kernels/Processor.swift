import Glibc
@_exported import enum KernelTemplates.Activation
@_exported import class KernelTemplates.DotKernelTable
@_exported import struct KernelTemplates.FeatureMaps
@_exported import class KernelTemplates.KernelTable
@_exported import struct KernelTemplates.MapLayout
@_exported import struct KernelTemplates.PatchGeometry
@_exported import struct KernelTemplates.PoolingGeometry
@_exported import enum KernelTemplates.PoolingKind
@_exported import enum KernelTemplates.Reduction
@_exported import struct KernelTemplates.WeightOrder
import KernelsAVX2
import KernelsAVX512
import KernelsVNNI
import KernelsBaseline
import SIMDShims

/// What a program runs on: the kernels of one instruction set, and threads.
public struct Processor: Sendable {
  public let kernels: KernelTable
  /// The kernels for numbers smaller than a float, with vectors of the same length; nil if there are none.
  public let dotKernels: DotKernelTable?
  public let threads: ThreadPool

  public init(kernels: KernelTable = Processor.bestKernels, dotKernels: DotKernelTable? = nil, threadCount: Int = availableProcessorCount()) {
    self.kernels = kernels
    self.dotKernels = dotKernels ?? Self.supportedDotKernels.last { $0.lanes == kernels.lanes }
    threads = ThreadPool(threadCount: threadCount)
  }

  /// The best kernels on all processors that this process may use.
  public static let `default` = Processor()

  /// The kernels that this machine can run, the slowest first.
  public static let supportedKernels: [KernelTable] = {
    var tables = [baselineKernels]
    #if arch(x86_64)
      if shim_supports_avx2() != 0 { tables.append(avx2Kernels) }
      if shim_supports_avx512() != 0 { tables.append(avx512Kernels) }
    #endif
    return tables
  }()

  /// Those for numbers smaller than a float, the slowest first.
  public static let supportedDotKernels: [DotKernelTable] = {
    var tables = [baselineDotKernels]
    #if arch(x86_64)
      if shim_supports_avx2() != 0 { tables.append(avx2DotKernels) }
      if shim_supports_avx512() != 0 { tables.append(avx512DotKernels) }
      if shim_supports_avx512_dots() != 0 { tables.append(vnniKernels) }
    #endif
    return tables
  }()

  /// The fastest kernels that this machine can run, or those that the environment variable `PERCEPT_ISA` names, if it can run them.
  public static let bestKernels: KernelTable = {
    let wanted = getenv("PERCEPT_ISA").map { String(cString: $0) }
    return supportedKernels.first { $0.name == wanted } ?? supportedKernels.last!
  }()
}
