// Word lists of the caption lexicon, as text tables.
#pragma once

namespace beholder::text::words {

/// A line: kind, concept ("=": each form is one of its own), parent ("-" none), then written forms;
/// "form/plural" where the plural is irregular, "form/-" for a mass noun, "-/form" for a plural
/// alone.
/// "!" before a form: also a verb.
inline constexpr const char* kNouns = R"(
person person - person/people someone/- somebody/- human -/folks individual adult figure
person child person child/children kid toddler youngster youth teenager teen -/kiddos
person baby child baby infant
person man person man/men guy gentleman/gentlemen male dude fellow businessman/businessmen cowboy fisherman/fishermen father dad groom santa/- grandfather
person woman person woman/women lady female bride mother mom gal grandmother
person person - player skateboarder biker bicyclist cyclist rider surfer skier snowboarder climber hiker runner racer swimmer skater worker officer policeman/policemen dancer musician singer performer athlete spectator onlooker pedestrian goalie pitcher catcher referee umpire batter photographer driver student soldier clown wrestler boxer opponent teammate friend fan owner kayaker canoeist motorcyclist jogger tourist shopper worker vendor guitarist drummer cheerleader gymnast bicycler rollerblader boarder wakeboarder waterskier diver jumper footballer baseballer quarterback trainer coach waiter waitress chef cook bystander passenger jockey acrobat artist brother sister son daughter couple/couples member relative classmate brunette redhead blonde trio
person = child boy girl
collective crowd person crowd group team family audience band bunch gathering
animal animal - animal creature
animal dog animal dog puppy poodle greyhound labrador retriever terrier collie shepherd beagle bulldog pitbull dalmatian husky/huskies dachshund chihuahua doberman spaniel hound pup canine rottweiler corgi pug whippet mutt sheepdog schnauzer setter
animal cat animal cat kitten kitty
animal horse animal horse pony bronco stallion
animal cow animal cow bull cattle/- steer
animal sheep animal sheep/sheep lamb
animal bird animal bird pigeon seagull duck goose/geese gull parrot swan chicken eagle hawk
animal fish animal fish/-
animal = animal goat monkey elephant bear
object ball - ball football soccerball baseball basketball volleyball softball golfball
object frisbee - frisbee disc disk frisbie
object bike vehicle bike bicycle
object motorcycle vehicle motorcycle motorbike dirtbike motocross/-
object car vehicle car automobile jeep suv taxi cab racecar
object train vehicle train locomotive
object boat vehicle boat canoe kayak raft sailboat ship rowboat watercraft
object airplane vehicle airplane plane jet helicopter
object vehicle - vehicle atv van
object skis - -/skis
object sled - sled sleigh
object umbrella - umbrella parasol
object phone - phone cellphone telephone
object newspaper - newspaper magazine
object laptop - laptop computer
object stick - stick twig
object toy - toy doll teddy
object sign - sign banner poster
object racket - racket racquet
object cup - cup mug
object drink - !drink beverage soda/- coffee/- beer
object food - food sandwich pizza cake burger meal/- ice-cream/-
object bag - bag purse suitcase luggage/- handbag
object chair seat chair stool
object couch seat couch sofa
object table - table desk
object pillow - pillow cushion
object stairs - -/stairs -/steps staircase stairway stair
object railing - railing rail handrail
object ramp - ramp halfpipe
object slide - !slide
object swing - !swing
object statue - statue sculpture
object door - door doorway
object cart - cart wagon carriage
object tube - tube innertube
object paddle - !paddle oar
object instrument - instrument violin trumpet saxophone accordion flute
object cigarette - cigarette cigar
object paper - paper/-
object building - building skyscraper
object = vehicle truck bus scooter
object = - skateboard surfboard snowboard stroller wheelchair guitar drum microphone camera book
object = - branch log bone balloon kite bubble rope leash flag bat hurdle obstacle hoop net bottle
object = - glass plate bowl basket box bucket bed blanket towel ladder trampoline tent fountain
object = - fence wall window flower tree bush fire tire snowball sprinkler hose broom shovel sword
object = - gun candle pole barrel goal house
object = seat bench
clothing shirt top shirt t-shirt tshirt tee-shirt jersey sweatshirt sweater hoodie blouse tank-top polo
clothing top -
clothing jacket - jacket coat parka windbreaker
clothing dress - dress gown sundress
clothing suit - suit tuxedo
clothing swimsuit - swimsuit bikini bathing-suit
clothing pants - -/pants -/jeans -/trousers -/slacks -/khakis
clothing shorts - -/shorts
clothing trunks - -/trunks
clothing overalls - -/overalls
clothing pajamas - -/pajamas
clothing hat headwear hat beanie fedora
clothing headband headwear headband bandanna bandana
clothing scarf - scarf/scarves
clothing sunglasses glasses -/sunglasses
clothing glasses - -/glasses -/eyeglasses
clothing goggles glasses -/goggles
clothing gloves - -/gloves glove
clothing shoes - -/shoes shoe -/sneakers
clothing boots shoes -/boots boot
clothing sandals shoes -/sandals
clothing socks - -/socks
clothing headphones - -/headphones
clothing = - vest skirt wetsuit costume uniform outfit mask tie backpack apron collar necklace
clothing = - muzzle wig tutu robe harness
clothing = headwear cap helmet
place water - water/- waters/-
place ocean water ocean sea -/oceans
place lake water lake pond
place river water river stream creek
place wave water !wave
place snow - snow/-
place ice - ice/-
place beach - beach shore shoreline seashore
place sand - sand/- dune
place grass - grass/- lawn
place field - field meadow pasture ballfield
place yard - yard backyard garden
place street - street road
place sidewalk - sidewalk pavement/- curb walkway
place path - path trail
place woods - -/woods forest jungle
place mountain - mountain mountainside mountaintop
place hill - hill hillside slope
place rock - rock boulder
place dirt - dirt/- mud/- gravel/-
place city - city town
place track - track racetrack
place stadium - stadium arena
place gym - gym gymnasium
place bathroom - bathroom bathtub
place restaurant - restaurant cafe
place store - store shop
place floor - floor carpet rug
place dock - dock pier
place air - air/- midair/- mid-air/-
place ground - ground/-
place sky - sky/-
place = water pool puddle waterfall
place = - park playground cliff desert bridge court kitchen bedroom room office stage subway
place = - station parking_lot skatepark market driveway rink crosswalk tunnel
body hair - hair/-
body back - back/-
body lap - lap/-
body foot - foot/feet
body = - mouth hand arm face head shoulder leg tongue ear eye beard nose
)";

/// "base:action", the third person by rule; "base:action:ing" where the -ing form is not the name.
inline constexpr const char* kVerbs =
    "run:running jump:jumping leap:jumping:leaping walk:walking stroll:walking:strolling "
    "sit:sitting "
    "stand:standing play:playing swim:swimming climb:climbing ride:riding hold:holding "
    "wear:wearing carry:carrying look:looking watch:watching smile:smiling laugh:laughing "
    "talk:talking pose:posing chase:chasing catch:catching throw:throwing toss:throwing:tossing "
    "kick:kicking hit:hitting eat:eating drink:drinking sleep:sleeping lie:lying lay:lying:laying "
    "dance:dancing sing:singing read:reading write:writing dig:digging bite:biting lick:licking "
    "chew:chewing fetch:fetching fight:fighting wrestle:wrestling skate:skating "
    "skateboard:skateboarding rollerblade:rollerblading ski:skiing snowboard:snowboarding "
    "surf:surfing wakeboard:wakeboarding paddle:paddling row:rowing kayak:kayaking fish:fishing "
    "dive:diving wade:wading splash:splashing slide:sliding sled:sledding swing:swinging "
    "fly:flying fall:falling hike:hiking race:racing jog:jogging crawl:crawling kneel:kneeling "
    "crouch:crouching lean:leaning point:pointing wave:waving push:pushing pull:pulling "
    "cook:cooking cut:cutting paint:painting perform:performing march:marching juggle:juggling "
    "smoke:smoking hug:hugging kiss:kissing bark:barking sniff:sniffing drive:driving "
    "balance:balancing cross:crossing rest:resting relax:relaxing wait:waiting stare:staring "
    "shake:shaking blow:blowing use:using do:doing make:making take:taking dribble:dribbling "
    "bounce:bouncing roll:rolling lift:lifting sweep:sweeping bike:biking "
    "tackle:tackling grind:grinding float:floating retrieve:fetching:retrieving hang:hanging "
    "speak:talking:speaking pet:petting feed:feeding clean:cleaning wash:washing";

inline constexpr const char* kColors =
    "red:red blue:blue green:green yellow:yellow orange:orange purple:purple pink:pink "
    "black:black white:white brown:brown gray:gray grey:gray tan:tan beige:beige gold:gold "
    "golden:golden silver:silver blond:blond blonde:blond turquoise:turquoise maroon:maroon";

inline constexpr const char* kNumbers =
    "one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 "
    "1:1 2:2 3:3 4:4 5:5 6:6 7:7 8:8 9:9 10:10";

inline constexpr const char* kPrepositions =
    "in inside on onto upon at with near by under underneath beneath over through across along "
    "alongside down up into from behind beside around against above between below towards toward "
    "off past of for during after among amongst atop within throughout before outside amid";

inline constexpr const char* kDeterminers =
    "a an the his her its their some this that these those another each several many both other "
    "few all every any my our your";

inline constexpr const char* kAdjectives =
    "young old older elderly little small large big tall short long huge giant tiny wooden metal "
    "plastic brick stone grassy snowy sandy rocky muddy wet dry dirty green colorful colored "
    "bright dark light asian african american african-american oriental indian chinese japanese "
    "german middle-aged teenage male female professional lone furry fluffy shaggy hairy curly "
    "striped plaid spotted multicolored multi-colored tri-colored colourful tennis soccer "
    "basketball baseball football rugby hockey volleyball ski snow rubber inflatable "
    "shirtless barefoot bald bearded smiling happy cute pretty beautiful blond blonde haired "
    "dark-haired blond-haired skinned shallow deep steep busy crowded public empty open paved "
    "concrete cement dusty narrow wide outdoor indoor swimming climbing parking racing bathing "
    "winter summer sunny beautiful heavy thin thick baseball-cap high low fallen bare two-toned "
    "adult baby toy stuffed fake sports sport leather jean denim knit floral polka dot checkered "
    "fancy formal traditional flowered colorfully brightly very bmx dirt red-haired police fire "
    "medium sized medium-sized smaller larger bigger same different similar opposing american "
    "border golden labrador boston bull pit cocker great jack russell basset toddler preschool "
    "boogie body skate orange-and-white beach city street mountain dog horse water rock tree "
    "picnic park school roller inline straw cowboy baseball hooded sleeveless long-sleeved";

/// Never inside a noun phrase.
inline constexpr const char* kStops =
    "and or but while whilst as is are was were be been being has have had do does did not no "
    "without that which who whom whose where when what it he she they him them there here then "
    "to about together outside outdoors indoors away very just so too also if because than like "
    "not appears seems looks trying tries attempts attempting tied made covered filled surrounded "
    "dressed held pulled pushed attached seen shown taken parked gathered lined "
    ". , ; : ! ? \" ( ) - & '";

}  // namespace beholder::text::words
