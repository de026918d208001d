#include "data/derive_tables.hpp"

#include <algorithm>
#include <sstream>

namespace beholder::data {
namespace {

using Words = std::vector<std::string>;

/// The records of a table, each ended by ";", as lists of words parted by "|"; "_" is a blank.
std::vector<std::vector<Words>> records(const char* table) {
  std::vector<std::vector<Words>> out;
  std::vector<Words> record(1);
  std::istringstream in(table);
  for (std::string word; in >> word;) {
    if (word == ";") {
      out.push_back(std::move(record));
      record.assign(1, {});
    } else if (word == "|") {
      record.emplace_back();
    } else {
      std::replace(word.begin(), word.end(), '_', ' ');
      record.back().push_back(word);
    }
  }
  return out;
}

/// A noun ("?" before it: `when_no_person`) and its blockers.
constexpr const char* kExistences = R"(
dog | wolf fox coyote animal* pet pets it its ;
cat | animal* pet pets ;
horse | jockey* rodeo rider* rid* polo bull* donkey* carriage cowboy* animal* ;
bird | beach animal* fly* flock sky ocean lake pond ;
ball | game soccer tennis basketball football* baseball volleyball hockey toy* golf* cricket rugby
  softball object something player* team* catch* fetch* goal* play* sport* mouth pitch* match
  croquet bowling lacrosse ;
frisbee | toy* object something ring mouth catch* fetch* disc* thing ;
bike | bik* bicycl* cycl* bmx rid* wheel* pedal* stunt* street* road* city motor* rac* trick* town
  sidewalk tire* ;
motorcycle | bik* motor* rid* dirtbike* rac* wheel* street* road* city atv* tire* ;
car | street* road* city traffic rac* park* driv* urban sidewalk* town drivew* vehicle* taxi*
  tire* highway curb building* house truck* bus van crosswalk wreck* intersection outside yard
  garage ;
skateboard | skat* board* trick* ramp* stunt* rail* grind* ;
snowboard | snowboard* board* ski* sled* slop* ;
surfboard | surf* board* wave* ;
boat | canoe* kayak* raft* sail* lake* ocean river* dock* pier harbor sea ship* paddl* row* water*
  beach ski* wakeboard* tub* shore* ;
umbrella | parasol* rain* shade beach picnic canopy crowd* market ;
guitar | band* music* instrument* concert* stage perform* sing* ;
snow | snow* ski* sled* ice icy winter* mountain* cold frozen glacier* hill* slope* peak* frost* ;
water | swim* wet surf* splash* fountain* sprinkler* hose* bridge* dock* pier rain* snow* ice
  beach* sand* shore* kayak* canoe* boat* raft* div* fish* duck* wav* sea* tub bath* coast* cliff*
  mountain* mud* sail* marsh* swamp* spray* row* drink* bottle* cup* glass* beer view scen*
  hydrant tube ski* wet* wakeboard* bikini* landscape rapid* slide* rock* surface ;
beach | sand* ocean* shore* water* surf* wave* sea* dune* coast* desert* lake* boat* volleyball
  swim* bikini* ;
? helmet | bik* rid* motor* rac* ;
? hat | cap* ;
skis | ski* snow* sled* slop* mountain* ;
stick | branch* twig* log* pole* bat* hockey object* something wood* mouth toy* bone* tree* forest
  drum* cane lacrosse thing ;
tent | camp* canopy market* fair* festival* crowd* ;
bench | park* seat* sit* pew* bus station ;
trampoline | bounc* net* jump* ;
rope | climb* swing* leash* tug* harness* rappel* cord* string* pull* cable* toy* mouth line ski*
  wakeboard* tied ladder* bridge* boat* sail* tub* ;
slide | playground* slid* park inflat* ;
swing | playground* swing* park tire ;
)";

/// An action, those that exclude it, and its blockers.
constexpr const char* kActions = R"(
running | sitting sleeping lying standing swimming climbing riding_a_bike riding_a_horse
  skateboarding surfing skiing snowboarding kneeling posing resting reading eating | run* chas*
  rac* jog* sprint* ran play* ;
jumping | sitting sleeping lying standing walking eating reading swimming posing kneeling resting
  talking drinking | jump* leap* air* mid-air fly* flip* trick* hop* bounc* flies midair div* ;
swimming | running sitting standing walking riding_a_bike riding_a_horse climbing sleeping
  skateboarding skiing snowboarding jumping lying posing | swim* wad* div* snorkel* pool* float*
  splash* ;
sitting | running jumping walking standing swimming climbing surfing skiing skateboarding
  snowboarding dancing kicking | sit* sat seat* rid* rest* bench* chair* couch* ;
standing | sitting running lying sleeping swimming jumping kneeling climbing riding_a_bike
  riding_a_horse | stand* stood wait* pos* lean* look* walk* ;
walking | sitting lying sleeping jumping swimming riding_a_bike riding_a_horse skateboarding
  surfing skiing snowboarding kneeling | walk* strol* hik* cross* wad* wander* step* ;
climbing | sitting swimming running riding_a_bike riding_a_horse sleeping surfing skiing dancing
  skateboarding walking lying jumping | climb* scal* ascend* rappel* hang* ;
riding_a_bike | walking swimming climbing sleeping running kneeling dancing eating lying standing
  sitting jumping surfing skiing snowboarding riding_a_horse | bik* cycl* bicycl* motor* bmx
  wheel* pedal* rac* trick* stunt* scooter* ;
riding_a_horse | walking swimming climbing sleeping running riding_a_bike riding_a_motorcycle
  jumping surfing skiing standing sitting | horse* rodeo jockey* bull* pony cowboy* polo ;
riding_a_motorcycle | walking swimming climbing sleeping running standing sitting jumping surfing
  skiing riding_a_horse | motor* bik* rac* atv* dirtbike* scooter* wheel* trick* stunt* ;
sleeping | running jumping walking standing swimming climbing playing eating riding_a_bike
  riding_a_horse | sleep* asleep nap* rest* lay* lie* lying ;
eating | jumping swimming climbing skiing surfing skateboarding running sleeping snowboarding
  riding_a_bike riding_a_horse dancing | eat* food meal bit* chew* lunch dinner snack* feed* cake
  ;
dancing | sitting sleeping swimming riding_a_bike riding_a_horse climbing lying eating | danc*
  perform* ballet twirl* spin* ;
skateboarding | walking swimming sitting climbing surfing skiing snowboarding sleeping running
  standing | skat* board* ;
snowboarding | walking swimming sitting climbing surfing skiing skateboarding running standing |
  snowboard* board* ;
surfing | walking swimming sitting climbing skiing skateboarding snowboarding running jumping
  standing | surf* board* wave* ;
skiing | walking swimming sitting climbing surfing skateboarding snowboarding running standing |
  ski* ;
smiling | sleeping crying | smil* laugh* happy grin* happily face* ;
drinking | running jumping climbing riding_a_bike riding_a_horse swimming | drink* sip* beverage*
  bottle* cup* glass ;
fighting | sitting sleeping lying swimming | fight* wrestl* play* tackl* bit* ;
)";

/// A place, the words that tell it, and those with which a "no" is doubtful.
constexpr const char* kPlaces = R"(
in_the_snow | snow* | ski* ice icy winter sled* mountain* cold frozen slope* ;
in_the_water | water ocean lake river pool sea pond stream creek waves | swim* wet surf* splash*
  beach* shore* boat* wave* snow* fountain* sprinkler* hose* wad* puddle* dock* shallow kayak*
  canoe* raft* div* mud* bridge* rock* coast* bath* bank tub ;
on_the_grass | grass grassy lawn | field* park* yard* green backyard* garden* meadow* outside game
  soccer football baseball hill* forest* wood* trail* path* tree* playground* plant* weed* hay
  countryside dirt camp* agility obstacle* hurdle* pasture* farm* rugby golf* cricket ;
on_the_beach | beach shore seashore | sand* ocean* surf* wave* sea* shore* coast* dune* water*
  desert* lake* river* pond* rock* bank ;
on_the_street | street road | city sidewalk* pavement* park* path* car cars town traffic
  crosswalk* driv* rac* track* trail* pav* curb* concrete urban outside bus building* parade*
  crowd* truck* skat* bik* bicycl* ;
)";

/// A rule for each record of a table.
template <typename Rule>
std::vector<Rule> rules(const char* table) {
  std::vector<Rule> out;
  for (const std::vector<Words>& lists : records(table))
    out.push_back({lists[0].front(), lists[1], lists[2]});
  return out;
}

}  // namespace

const std::vector<Existence>& existence_table() {
  static const std::vector<Existence> table = [] {
    std::vector<Existence> out;
    for (const std::vector<Words>& lists : records(kExistences))
      out.push_back({lists[0].back(), lists[0].front() == "?", lists[1]});
    return out;
  }();
  return table;
}

const std::vector<ActionRule>& action_table() {
  static const std::vector<ActionRule> table = rules<ActionRule>(kActions);
  return table;
}

const std::vector<PlaceRule>& place_table() {
  static const std::vector<PlaceRule> table = rules<PlaceRule>(kPlaces);
  return table;
}

}  // namespace beholder::data
