/// Short sentences of every day, none with a word that wakes machines. Written for this project.
public let everydaySentences: [String] = sentenceList.split(separator: "\n").map(String.init)

private let sentenceList = """
  The bus was ten minutes late again
  Can you pass me the salt please
  I left my keys on the kitchen table
  It might rain later this afternoon
  We should call your mother tonight
  The children are playing in the garden
  He bought two tickets for the concert
  Where did you put the scissors
  She works at a bank in the city
  Turn left after the second traffic light
  My brother lives near the sea
  What time does the shop close today
  I would like a cup of tea with milk
  The meeting has been moved to Thursday
  Do you know how to fix this lamp
  They painted the front door dark green
  The train to the airport leaves at noon
  I forgot to water the plants
  You can borrow my umbrella if you like
  There is a letter for you on the desk
  The dog is barking at the neighbors
  Let us go for a walk after dinner
  He has been learning the piano since May
  Please close the window it is cold
  The soup needs a little more pepper
  How much does this jacket cost
  I am reading a book about the moon
  The phone rang but nobody answered
  We had pizza and salad for lunch
  She told me a very funny story
  The lights went out during the storm
  Our flight was delayed by three hours
  Have you seen my glasses anywhere
  The cat sleeps on top of the fridge
  I will meet you at the station
  He always drinks coffee without sugar
  The museum is free on Sundays
  Can we talk about this tomorrow
  The teacher gave us a lot of homework
  It takes half an hour by bicycle
  They are building a new bridge over the river
  I could not hear what you said
  My battery is almost empty
  The bread is still warm from the oven
  She has a doctor's appointment at nine
  We need eggs butter and flour
  The radio plays the same songs every day
  He ran so fast that nobody could catch him
  The picture on the wall is crooked
  I think it is going to snow tonight
  Do you want to watch a movie
  The printer is out of paper once more
  Her new apartment has a lovely view
  I have never been to Canada
  The baby finally fell asleep
  Put the dishes in the sink please
  We are running out of time
  The shirt is too small for me
  He wrote a long letter to his uncle
  The old clock stopped at midnight
  There were hundreds of people in the square
  I prefer apples to oranges
  The road is closed because of an accident
  Could you speak a little slower
  She is taller than her sister
  The coffee machine is broken again
  We spent the summer in the mountains
  He asked me for some advice
  The library opens at eight in the morning
  I have to take the car to the garage
  The water in the lake is very clear
  My favorite color is blue
  They sell fresh fish at the harbor
  The game starts in twenty minutes
  I do not remember his last name
  The new neighbors seem friendly
  Please write your address on this form
  She is allergic to peanuts
  The bakery around the corner is excellent
  He promised to come back before six
  The wind blew my hat away
  We watched the stars until midnight
  It is not far from here
  The test was easier than I expected
  I need a longer ladder for the roof
  The milk in the fridge has gone bad
  She planted roses behind the house
  There is no signal in the tunnel
  The tickets are sold out
  He broke his arm playing football
  What a beautiful day for a picnic
  The elevator is out of order
  I saw a deer near the forest
  They got married in September
  The manager will be back on Monday
  Do not forget to lock the door
  The room smells of fresh paint
  I usually get up at half past six
  The river is frozen in winter
  You look tired did you sleep well
  She speaks three languages fluently
  The box is heavier than it looks
  We visited the castle last weekend
  His answer surprised all of us
  The speaker talked for over an hour
  I ordered a sandwich and a lemonade
  The carpet needs to be cleaned
  Are there any seats left in the front row
  The police closed the whole street
  My father collects old stamps
  The plane landed exactly on time
  I would rather stay at home tonight
  The children built a castle of sand
  We have known each other for years
  She forgot to charge her phone
  The newspaper arrives at seven
  He lost his wallet on the train
  Everybody laughed at the joke
  The recipe says two spoons of sugar
  I am looking for a quiet place to work
  The company moved to a bigger office
  There is a spider in the bathroom
  You should see a dentist about that tooth
  The temperature fell below zero
  They were waiting for us at the gate
  The second chapter is the best one
  I can carry this bag by myself
  The concert was loud but wonderful
  Our teacher comes from Scotland
  She put the flowers into a tall vase
  The bicycle needs a new chain
  He counted the money twice
  We could share a taxi to the hotel
  The sun sets behind that hill
  I have two cousins in Australia
  The guests will arrive around seven
  The boat crossed the lake in an hour
  Please keep the receipt
  The actor forgot one of his lines
  We are out of coffee filters
  She won the first prize
  The instructions are on the back of the packet
  He took a photograph of the bridge
  The motor makes a strange noise
  All the captains met at the harbor
  The committee will vote on Friday
  Many students prefer active lessons
  The scientist measured the reaction
  Tell the computer shop that I will be late
  The computed result was wrong
  Hey wait for me at the corner
  Okay that sounds good to me
  """
