"""Few words on screen: what a viewer without sound understands, never a cut through a phrase."""

import pytest

from ytempire.production.scripting.phrases import asked_on_screen, reads_well, shortest_well


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("At 4,000 meters, the pressure is 400 times as high as at the surface.", "400× the surface pressure"),
        ("In one species, females are more than 60 times as long as males.", "60× as long as males"),
        ("Popcorn grows up to 40 times bigger than the kernel.", "Grows 40× bigger than the kernel"),
        ("The drawing shrinks with the cup and comes home sharp, hard and tiny.", "The drawing shrinks with the cup"),
        ("Its stomach stretches so far that dinner can be as big as the diner.", "Its stomach stretches so far"),
        ("A foam cup is mostly air, trapped in tiny bubbles.", "A foam cup is mostly air"),
        ("The deep sea is so dark that sunlight never arrives below 1,000 meters.",
         "Sunlight never arrives below 1,000 meters"),
        ("The flakes are made of dead plankton, droppings and slime.", "Dead plankton, droppings and slime"),
        ("After a deep dive, a sperm whale rests at the surface for about 10 minutes.",
         "Sperm whale rests for 10 minutes"),
        ("Four egg yolks are enough for 400 grams of spaghetti.", "Four egg yolks are enough"),
        ("Energy was cheaper than a year ago, but wages rose by 5 percent.", "Wages rose by 5 percent"),
        ("So the company can't do without cocoa.", "The company can't do without cocoa"),
        ("The ice floats.", "The ice floats"),
        ("And that is why the old tower leans to one side.", "Why the old tower leans"),
        ("One question, answered: what a comet leaves behind.", "What a comet leaves behind"),
        ("That is as heavy as a large motorcycle.", "As heavy as a large motorcycle"),
        ("After the war, nobody needed that many.", "Nobody needed that many"),
        ("Teachers often let young children paint a wall.", "Young children paint a wall"),
        ("The company had to find a new use for its tubes.", "A new use for its tubes"),
    ],
)  # fmt: skip
def test_a_sentence_becomes_a_clause_or_a_figure_with_its_noun(sentence: str, shown: str) -> None:
    assert shortest_well(sentence, 6) == shown


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10 meters of depth add", "Every 10 meters of depth add the weight of one more atmosphere."),
        ("depth add the weight of one", "Every 10 meters of depth add the weight of one more atmosphere."),
        ("Pressure is times as high", "The pressure is 400 times as high as at the surface."),
        ("Cup and comes home sharp", "The drawing shrinks with the cup and comes home sharp, hard and tiny."),
        ("Stomach stretches so far that dinner", "Its stomach stretches so far that dinner can be as big as it."),
        ("Good catch is worth holding", "In the dark, a good catch is worth holding on to."),
        ("Heart slows and blood", "The heart slows and blood goes only where it is needed."),
        ("Trained human for a", "A trained human can hold a breath for a few minutes."),
        ("Scales and no air bladder", "A snailfish has no scales and no air bladder."),
        ("Of the sea", "It snows at the bottom of the sea."),
        ("Now you know", "And that is why ice floats."),
        ("The bones within two years", "Hagfish strip the meat from the bones within two years."),
        ("Paint a foam cup", "Researchers let school classes paint a foam cup."),
        ("A zipper was too bold", "For years, tailors thought that a zipper was too bold for decent clothes."),
        ("Bringing relief", "Tears in space sting a little instead of bringing relief."),
        ("You never pay interest", "A credit card earns money even if you never pay interest."),
        ("Once looked for airplanes", "They heat their soup with a wave that once looked for airplanes."),
        ("Her body 15 times a second", "A bee runs forward while she shakes her body 15 times a second."),
        ("", "Ice floats."),
        ("one two three four five six seven", "Ice floats."),
    ],
)
def test_a_bad_cut_is_seen(text: str, sentence: str) -> None:
    assert not reads_well(text, sentence, 6)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Small fish swim toward the glow", "Small fish swim toward the glow and never see the mouth behind it."),
        ("400× the surface pressure", "The pressure is 400 times as high as at the surface."),
        ("14 percent of its weight", "A kernel holds a drop of water, about 14 percent of its weight."),
        ("Ice floats", "Ice floats."),
        ("Why is the sky blue?", "Why is the sky blue?"),
    ],
)
def test_a_good_text_is_left_alone(text: str, sentence: str) -> None:
    assert reads_well(text, sentence, 6)


def test_a_neighbour_s_words_are_not_shown_again() -> None:
    sentence = "Ice floats on top like a lid, and fish survive the winter there."
    first = shortest_well(sentence, 6)
    assert shortest_well(sentence, 6, beside=(first,)) != first


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Why is the sky blue?", "Why is the sky blue?"),
        ("Do you know why popcorn pops?", "Why popcorn pops"),
        ("How big is the Sun really?", "How big is the Sun really?"),
        ("How does the kettle heat its water?", "How the kettle heats its water"),
        ("Why is the panda no true bear?", "The panda is no true bear"),
        ("Why do tracks on old snow last for many years?", "Why tracks on old snow last"),
        ("Do you know how a cheap pump saved a whole town?", "Cheap pump saved a whole town"),
        ("How do cranes lift ninety tons with one rope?", "Ninety tons with one rope?"),
        ("What happens when you sleep in a tent?", "When you sleep in a tent"),
        ("Who would take such a boat across the winter sea?", "Who would take such a boat?"),
        ("Why did the Titanic sink so fast after it hit the iceberg?", "Why so fast?"),
        ("Which river is the longest in all of Europe today?", "Which river is the longest?"),
        ("Is it true that bats are blind?", "Bats are blind?"),
        ("What does the deep sea do to a foam cup?", "What happens to a foam cup?"),
        ("Why does the colossal squid have the biggest eyes on Earth?", "Why the biggest eyes on Earth?"),
    ],
)
def test_a_question_becomes_a_headline_with_its_grammar(question: str, shown: str) -> None:
    assert asked_on_screen(question, 6) == shown


def test_text_without_any_grammar_still_gives_few_words() -> None:
    for sentence in ("{\\b1} %{} [in] <b>", "word " * 40, "1 2 3 4 5 6 7 8 9", "…", "的 中文 句子 没有 空格"):
        assert len(shortest_well(sentence, 6).split()) <= 6
