/// Common English words of speech, and some that sound like what people make commands of. Written for this project.
public let commonWords: [String] = wordList.split(whereSeparator: \.isWhitespace).map(String.init)

private let wordList = """
  able about above absence absent absolute accent accept access accident account accurate achieve across act action activation active actively
  activist activity actor actual actually adapt add address adequate adjective admire admit adult advance advantage adventure advice affect afford
  afraid after afternoon again against age agency agenda agent ago agree ahead air airport alarm album alert alive all allow almost alone along
  already also alter alternate although always amateur amazing ambulance among amount amusing ancient and anger angle angry animal animate ankle
  anniversary announce another answer any anybody anything anyway apart apartment apology appear appetite apple appointment appreciate approach
  appropriate april apron are area argue arm army around arrange arrest arrive arrow art article artist as ask asleep assistant associate at
  attack attempt attend attention attic attract attractive audience august aunt author autumn available avenue average avoid awake award away
  awful baby back background backyard bacon bad bag bake balance ball balloon banana band bank bar barely bark base basic basket bath bathroom
  battery battle be beach bean bear beard beat beautiful because become bed bedroom bee beef been beer before begin behave behind being believe
  bell belong below belt bench bend beneath beside best better between beyond bicycle big bill bird birth birthday biscuit bit bite bitter black
  blame blanket bless blind block blood blow blue board boat body boil bold bone book border bored born borrow both bother bottle bottom bowl box
  boy brain branch brave bread break breakfast breath breathe bridge brief bright bring broad broken brother brown brush bucket build building
  bulb burn bus business busy but butter button buy by cabin cabinet cable cactus cage cake calculate calendar call calm camera camp can cancel
  candidate candle candy cannot cap capital captain captivate captive car carbon card care careful carpet carrot carry case cash castle casual cat
  catch category cause ceiling celebrate cell center central century ceremony certain chain chair challenge champion chance change channel chapter
  character charge charity chase cheap cheat check cheese chemical cherry chest chicken chief child chimney chin chocolate choice choose church
  cinema circle circuit citizen city claim class classic classroom clay clean clear clerk clever click climate climb clock close closet cloth
  cloud club coach coast coat cocktail code coffee coin cold collapse collar collect college color column combine come comfort comic command
  comment committee common communicate commuter company compare compete complain complete complicate computed computer concentrate concert
  condition confuse congratulate connect consider contact contain content contest context continue contract control convenient conversation cook
  cookie cool copper copy corn corner correct cost cotton cough could council count counter country couple courage course cousin cover cow cradle
  craft crash crazy cream create creative credit crime crisis crop cross crowd crown cruel cry cultivate culture cup cupboard cure curious current
  curtain curve customer cut cute cycle dad daily damage damp dance danger dark data date daughter day dead deaf deal dear debate decade december
  decide decorate dedicate deep deer defend define degree delay delicate deliver demand dentist department depend describe desert design desk
  despite dessert detail detective determine develop device devil dial diamond diary dictionary did die diet different difficult dig digital
  dinner direct dirty disagree disappear discover discuss disease dish distance distant divide do doctor document dog doll dollar domestic
  dominate donate donkey door dot double doubt down dozen draft drag drama draw drawer dream dress drill drink drive driver drop drug drum dry
  duck due dull during dust duty each eager ear early earn earth ease east easy eat economy edge educate effect effective effort egg eight either
  elbow elect electric elegant elephant elevate elevator eleven else email embarrass emergency emotion employ empty encourage end enemy energy
  engine engineer enjoy enormous enough enter entire envelope equal error escape especially estimate even evening event ever every everybody
  everyone everything everywhere evidence exact exam example excavate excellent except exchange excite excuse execute exercise exist exit expect
  expensive experience expert explain explore express extra extreme eye fabric face fact factor factory fail faint fair faith fall false fame
  family famous fan far farm farmer fascinate fashion fast fat father fault favorite fear feather feature february feed feel fellow female fence
  festival fetch fever few field fifteen fifty fight figure file fill film final finance find fine finger finish fire first fish fit five fix flag
  flame flat flavor flight float floor flour flow flower fluid fly focus fog fold follow food fool foot football for force foreign forest forget
  forgive fork form formal former forty forward found four fox frame free freedom freeze fresh friday fridge friend frighten frog from front fruit
  fuel full fun function funeral funny fur furniture further future gain gallery game gap garage garden garlic gas gate gather general generate
  generous gentle get ghost giant gift giraffe girl give glad glass global glove glue go goal goat god gold good goodbye goose government grab
  grade graduate grain grammar grand grandmother grant grape grass gray great green greet grocery ground group grow guarantee guard guess guest
  guide guilty guitar gum gun guy gym habit hair half hall ham hammer hand handle hang happen happy harbor hard hardly harm hat hate have he head
  health hear heart heat heavy heel height helicopter hello help hen her here hero hesitate hide high highway hill him hip hire history hit hobby
  hold hole holiday home honest honey hood hook hope horn horse hospital hot hotel hour house how however huge human humor hundred hungry hunt
  hurry hurt husband ice idea ideal identify idle if ignore ill illustrate imagine imitate immediate impact import important impossible improve in
  inch include income increase indeed indicate individual industry infant inform initiate injury innovate insect inside insist install instant
  instead instrument insurance intelligent intend interest internet interview into introduce invent invest investigate invite iron irritate island
  issue it item its jacket jail jam january jar jazz jealous jeans jelly jet jewel job join joke journey joy judge juice jump june jungle junior
  jury just justice keen keep kettle key keyboard kick kid kidney kill kilometer kind king kiss kitchen kite knee knife knock know knowledge label
  labor lack ladder lady lake lamb lamp land language laptop large last late later laugh laundry law lawyer lay layer lazy lead leader leaf league
  lean learn least leather leave lecture left leg legal lemon lend length lesson let letter lettuce level library license lie life lift light like
  likely limit line link lion lip liquid list listen literature little live liver local locate lock log logic lonely long look loose lord lose lot
  loud love lovely low lower loyal luck lucky luggage lunch lung machine mad magazine magic mail main maintain major make male man manage manager
  manner many map marble march mark market marriage marry mask mass massive master match material math matter maximum may maybe mayor me meal mean
  measure meat mechanic medal media medical medicine medium meet melody melon melt member memory mention menu mercy mess message metal method
  middle midnight might mild mile military milk mill million mind mine mineral minister minor minute mirror miss mistake mix mobile model modern
  moment monday money monitor monkey month mood moon moral more morning mosquito most mother motion motivate motive motor mountain mouse mouth
  move movie much mud multiply murder muscle museum mushroom music must mustard my mystery nail naive naked name narrow nasty nation native
  natural nature navigate near nearly neat necessary neck need needle negative neighbor neither nephew nerve nervous nest net network never new
  news next nice night nine no nobody noise none noodle noon nor normal north nose not note notebook nothing notice november now number nurse nut
  oak obey object observe obvious occasion ocean october odd of off offer office officer often oil okay old olive on once one onion only open
  opera operate opinion opposite option or orange orbit order ordinary organ organize original other ought our out outdoor outside oven over owe
  own owner oxygen pace pack package page pain paint painter pair palace pale pan panic paper parade parent park parrot part partner party pass
  passenger passport past paste path patience patient pattern pause pay pea peace peach peanut pear pen pencil penetrate people pepper perfect
  perform perhaps period permit person pet phone photo phrase piano pick picnic picture pie piece pig pigeon pillow pilot pin pink pipe pity pizza
  place plain plan plane planet plant plastic plate play player playground pleasant please pleasure plenty plot plug pocket poem poet point poison
  police policy polite politics pool poor popular population port portable position positive possible post pot potato pound pour powder power
  practice praise pray prefer pregnant prepare present president press pressure pretend pretty prevent previous price pride priest primary prince
  principal print prison private privilege prize probably problem process produce professor profit program project promise promote pronounce proof
  proper property protect proud prove provide public pull pump punch pupil purple purpose purse push put puzzle quality quantity quarter queen
  question quick quickly quiet quit quite rabbit race radio rail rain rainbow raise range rapid rare rat rate rather raw ray reach react reaction
  reactor read ready real realize really reason receive recent recipe recognize record recover red reduce refer reflect refuse regard region
  regret regular relate relative relax release relevant rely remain remember remind remote remove rent repair repeat replace reply report
  represent request rescue research reserve resist respect responsible rest restaurant result return reveal review reward rhythm ribbon rice rich
  ride right ring ripe rise risk river road roast rob robot rock role roll roof room root rope rose rotate rough round route routine row royal rub
  rubber rude rug ruin rule run rural rush sad safe safety sail salad salary sale salt same sample sand sandwich satisfy saturday sauce sausage
  save say scale scan scare scarf scene school science scissors score scream screen screw sea search season seat second secret secretary section
  security see seed seek seem select self sell send senior sense sensitive sentence separate september series serious serve service set settle
  seven several severe shadow shake shall shallow shame shape share sharp shave she sheep sheet shelf shell shelter shine ship shirt shock shoe
  shoot shop short should shoulder shout show shower shut shy sick side sign signal silence silent silk silly silver similar simple since sing
  single sink sister sit site situation six size skate ski skill skin skirt sky sleep slice slide slight slim slip slow small smart smell smile
  smoke smooth snack snail snake snow so soap soccer social society sock sofa soft soil soldier solid solve some somebody something sometimes
  somewhere son song soon sore sorry sort soul sound soup sour south space spare speak special speech speed spell spend spice spider spin spirit
  spoil spoon sport spot spread spring square squeeze stable staff stage stain stair stamp stand standard star start starve state station stay
  steady steak steal steam steel steep steer step stick stiff still sting stir stock stomach stone stop store storm story stove straight strange
  stranger stream street strength stress stretch strict strike string strip strong structure struggle student study stuff stupid style subject
  success such sudden suffer sugar suggest suit suitable suitcase summer sun sunday sunny supper supply support suppose sure surface surprise
  surround survive suspect swallow swap sweat sweater sweep sweet swim swing switch symbol system table tablet tactic tactics tail take talent
  talk tall tame tank tap tape target task taste tax taxi tea teach teacher team tear technology teenager telephone television tell temper
  temperature temple ten tend tennis tense tent term terrible test text than thank that the theater theft their them then theory there thermometer
  these they thick thief thin thing think thirsty thirty this those though thought thousand thread threat three throat through throw thumb thunder
  thursday ticket tidy tie tiger tight tile till time tin tiny tip tire tired title to toast today toe together toilet tolerate tomato tomorrow
  ton tone tongue tonight too tool tooth top topic total touch tough tour toward towel tower town toy trace track tractor trade tradition traffic
  train translate transport trap travel tray treasure treat tree tremble trial triangle trick trip trouble truck true trumpet trust truth try tube
  tuesday tune tunnel turkey turn turtle twelve twenty twice twin twist two type typical ugly umbrella uncle under understand uniform union unique
  unit universe university unless until up upon upper upset upstairs urban urge urgent us use useful usual vacation vaccinate valley valuable
  value van variety various vary vast vegetable vehicle venue verb version very vessel victim video view village violent violin virus visible
  visit visitor vital vitamin voice volcano volume vote voyage wage wait wake walk wall wallet wander want war warm warn wash waste watch water
  wave way we weak wealth weapon wear weather wedding wednesday week weekend weigh weight welcome well west wet whale what whatever wheat wheel
  when where whether which while whisper whistle white who whole whom whose why wide wife wild will win wind window wine wing winner winter wipe
  wire wise wish with within without witness wolf woman wonder wonderful wood wooden wool word work worker world worm worry worse worst worth
  would wound wrap wrist write wrong yard year yell yellow yes yesterday yet you young your youth zebra zero zone zoo
  """
