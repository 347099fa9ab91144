import ModelFormats
import Testing

@Suite struct DarknetBadInputTests {
  static let net = "[net]\nwidth=8\nheight=8\nchannels=3\n"
  static let convolution = "[convolutional]\nfilters=4\nsize=3\nstride=1\npad=1\nactivation=leaky\n"

  static let cases: [(text: String, expected: String)] = [
    (net + "[convolutionnal]\nfilters=3\n", "line 5, [convolutionnal]: an unknown section"),
    ("[convolutional]\nfilters=3\n", "line 1, [convolutional]: expected [net] as the first section"),
    (net, "line 1, [net]: expected layers after [net], found none"),
    (net + net + convolution, "line 5, [net]: a second [net]"),
    ("[net]\nheight=8\nchannels=3\n" + convolution, "line 1, [net]: expected width=<whole number>, found no such option"),
    ("[net]\nwidth=0\nheight=8\nchannels=3\n" + convolution, "line 2, [net]: width: expected a whole number from 1 to 1048576, found “0”"),
    ("[net]\nwidth=1000000\nheight=1000000\nchannels=1000000\n" + convolution, "outside the limit of 268435456 numbers"),
    (net + "[convolutional]\nfilters=4\nactivation=leaky\n", "line 5, [convolutional]: expected size=<whole number>"),
    (net + "[convolutional]\nsize=3\n", "expected filters=<whole number>"),
    (net + convolution.replacing("filters=4", with: "filters=0"), "line 6, [convolutional]: filters: expected a whole number from 1"),
    (net + convolution.replacing("filters=4", with: "filters=-4"), "found “-4”"),
    (net + convolution.replacing("filters=4", with: "filters=four"), "line 6, [convolutional]: filters: expected a whole number from 1 to 1048576, found “four”"),
    (net + convolution.replacing("filters=4", with: "filters=99999999999999999999"), "found “99999999999999999999”"),
    (net + convolution.replacing("size=3", with: "size=3.5"), "line 7, [convolutional]: size: expected a whole number from 1 to 4096, found “3.5”"),
    (net + convolution.replacing("filters=4\nsize=3", with: "filters=400\nsize=4096"), "numbers are outside the limit"),
    (net + convolution.replacing("stride=1", with: "stride="), "line 8, [convolutional]: stride: expected a whole number"),
    (net + convolution.replacing("pad=1", with: "padding=4096"), "outside the limit"),
    (net + convolution.replacing("leaky", with: "leeky"), "line 10, [convolutional]: activation: expected one of elu, gelu, hard_mish"),
    (net + convolution.replacing("stride=1", with: "stride_x=1\nstride_y=2"), "strides of 1 across and 2 down are not supported"),
    (net + convolution.replacing("pad=1", with: "groups=2"), "line 9, [convolutional]: 3 channels and 4 filters cannot be cut into 2 groups"),
    (net + convolution.replacing("pad=1", with: "xnor=1"), "line 9, [convolutional]: xnor=1 is not supported"),
    (net + convolution.replacing("size=3\nstride=1\npad=1", with: "size=9"), "a window of 9 does not fit into 8"),
    (net + convolution + "[maxpool]\nsize=20\npadding=0\n", "line 11, [maxpool]: max pooling"),
    (net + convolution + "[route]\nlayers=-2\n", "line 12, [route]: layers: layer -2 is not among the 1 layers before this one"),
    (net + convolution + "[route]\nlayers=1\n", "layer 1 is not among the 1 layers"),
    (net + convolution + "[route]\n", "line 11, [route]: expected layers=<numbers>"),
    (net + convolution + "[route]\nlayers=0,x\n", "line 12, [route]: layers: expected a whole number"),
    (net + convolution + "[route]\nlayers=0\ngroups=3\n", "4 channels cannot be cut into 3 groups"),
    (net + convolution + "[route]\nlayers=0\ngroups=2\ngroup_id=2\n", "line 14, [route]: group_id: expected a whole number from 0 to 1"),
    (net + convolution + "[maxpool]\nsize=2\nstride=2\n[route]\nlayers=0,1\n", "line 14, [route]: concatenate"),
    (net + convolution + "[shortcut]\nfrom=-7\n", "line 12, [shortcut]: from: layer -7"),
    (net + convolution + "[shortcut]\nfrom=-1\nweights_type=per_channel\n", "line 13, [shortcut]: weights_type=per_channel is not supported"),
    (net + convolution + "[shortcut]\nfrom=-1\nalpha=.5\n", "alpha: only 1 is supported"),
    (net + convolution + "[upsample]\nstride=-2\n", "line 12, [upsample]: stride: expected a positive number, found -2"),
    (net + "[upsample]\nstride=4096\n[upsample]\nstride=4096\n", "outside the limit"),
    (net + "[reorg]\nstride=3\n", "3 channels are not a multiple of 9"),
    (net + "[crop]\ncrop_width=9\ncrop_height=8\n", "a crop of 9×8 does not fit into 8×8"),
    (net + "[softmax]\ngroups=5\n", "192 numbers cannot be cut into 5 groups"),
    (net + "[softmax]\ntemperature=0\n", "temperature: expected a number above 0"),
    (net + "[softmax]\ntemperature=warm\n", "line 6, [softmax]: temperature: expected a number, found “warm”"),
    (net + "[softmax]\ntree=none.tree\n", "line 6, [softmax]: tree: there is no file none.tree"),
    (net + "[local]\nfilters=2\nsize=5\npad=1\nactivation=relu\n", "line 8, [local]: pad: expected 0 or 2, found 1"),
    (net + "[local]\nfilters=2\nsize=9\nactivation=relu\n", "a window of 9 does not fit"),
    (net + convolution + "[yolo]\nclasses=2\nnum=1\nanchors=1,2\n", "expected anchors · (5 + classes) = 7 filters in the layer before, found 4"),
    (net + convolution + "[yolo]\nclasses=2\nnum=2\nanchors=1,2\n", "line 14, [yolo]: anchors: expected 4 numbers for num=2, found 2"),
    (net + convolution + "[yolo]\nclasses=2\nnum=1\nmask=1\n", "line 14, [yolo]: mask: expected a whole number from 0 to 0"),
    (net + "[convolutional]\nfilters=7\nsize=1\n[yolo]\nclasses=2\n[maxpool]\nsize=2\n", "line 10, [maxpool]: reads the boxes of the layer before"),
    (net + "[convolutional]\nfilters=7\nsize=1\n[yolo]\nclasses=2\n[route]\nlayers=-1\n", "layer -1 is a [yolo], whose boxes no layer can read"),
    (net + "[rnn]\noutput=1\n", "line 5, [rnn]: a recurrent layer"),
    (net + "[Gaussian_yolo]\n", "line 5, [Gaussian_yolo]: a Darknet layer that is not supported"),
    (net + "[normalization]\n", "line 5, [normalization]: a Darknet layer that is not supported"),
  ]

  @Test(arguments: cases)
  func badConfigurationNamesPlaceFoundAndExpected(text: String, expected: String) {
    let message = failure(text)?.description ?? "no error"
    #expect(message.hasPrefix("net.cfg, line "))
    #expect(message.contains(expected), "\(message)")
  }

  @Test func sizesThatTheNetworkForbidsAreErrors() {
    let fixed = Self.net + "[connected]\noutput=3\nactivation=linear\n"
    #expect(failure(fixed, size: (8, 8)) == nil)
    #expect(failure(fixed, size: (16, 8))?.description.contains("ties the network to the picture size") == true)
    #expect(failure(Self.net + Self.convolution, size: (24, 16)) == nil)
    #expect(failure(Self.net + Self.convolution, size: (0, 16)) != nil)
    #expect(failure(Self.net + Self.convolution, size: (Int.max, 16)) != nil)
    #expect(failure(Self.net + Self.convolution, size: (-8, -8)) != nil)
  }

  /// Flips, drops and doubles bytes of a configuration that uses every section: whatever comes out, nothing traps.
  @Test func damagedConfigurationsNeverTrap() {
    let whole = Array(Self.everySection.utf8)
    let undamaged = failure(Self.everySection)?.description ?? "no error"
    #expect(undamaged == "no error")
    var limits = DarknetLimits()
    limits.layerNumbers = 1 << 22
    limits.weightNumbers = 1 << 20
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for round in 0..<3000 {
      var bytes = whole
      for _ in 0...next(3) {
        let place = next(bytes.count)
        switch next(4) {
        case 0: bytes[place] ^= UInt8(1 << next(8))
        case 1: bytes[place] = Array("0123456789-,=[]#\n\0ÿ".utf8)[next(19)]
        case 2: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(place + 1 + next(40), bytes.count)], at: place)
        }
      }
      do throws(DarknetError) {
        _ = try DarknetNetwork(DarknetConfiguration(bytes: bytes, path: "net.cfg", limits: limits), seed: UInt64(round), limits: limits)
      } catch {
        refused += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(refused > 500 && refused < 3000)
  }

  static let everySection = net + convolution + """
    [maxpool]
    size=2
    stride=2
    [convolutional]
    batch_normalize=1
    filters=4
    size=1
    groups=2
    activation=mish
    [shortcut]
    from=-2,-3
    activation=linear
    [upsample]
    stride=2
    [route]
    layers=-1,0
    groups=2
    group_id=1
    [reorg]
    stride=2
    [local_avgpool]
    size=2
    [local]
    filters=2
    size=3
    pad=1
    activation=relu
    [avgpool]
    [scale_channels]
    from=-2
    [sam]
    from=-3
    [activation]
    activation=tanh
    [logistic]
    [crop]
    crop_width=3
    crop_height=2
    [convolutional]
    filters=14
    size=1
    activation=linear
    [yolo]
    mask=0,1
    num=3
    classes=2
    anchors=1,2,3,4,5,6
    [route]
    layers=-2
    [region]
    num=2
    classes=2
    anchors=1,2,3,4
    [route]
    layers=0
    [connected]
    output=30
    batch_normalize=1
    activation=linear
    [dropout]
    [softmax]
    groups=3
    [cost]
    [detection]
    side=1
    num=4
    classes=10
    coords=4
    """
}
