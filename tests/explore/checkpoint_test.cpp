// A search that was put aside goes on as if nothing had happened; a wrong file is one line.
#include "models/explore/checkpoint.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/explore/command.hpp"
#include "models/explore/public_tla.hpp"
#include "models/explore/search.hpp"
#include "tests/explore/folder.hpp"

namespace quiesce::explore {
namespace {

using testing::Folder;
using testing::public_tla;
using testing::text_of;
namespace fs = std::filesystem;

constexpr Bounds bounds{3, 2, 1, 2};

SearchOptions saving_to(const std::string& path) {
  SearchOptions options;
  options.identity = "test";
  options.checkpoint_path = path;
  options.checkpoint_every = std::chrono::milliseconds(0);  // after every round
  return options;
}

SearchOptions resuming(const std::string& path, unsigned threads = 1) {
  SearchOptions options;
  options.identity = "test";
  options.resume_path = path;
  options.threads = threads;
  return options;
}

/// Leaves a checkpoint of a search that was stopped after `rounds` rounds.
void stop_after(int rounds, const std::string& path) {
  SearchOptions options = saving_to(path);
  options.stop_requested = [&rounds] { return rounds-- == 0; };
  const SearchResult result = search(PublicTla<1>(bounds), options);
  BOOST_REQUIRE((result.ended == Ended::Interrupted));
}

void same(const SearchResult& a, const SearchResult& b) {
  BOOST_TEST((a.ended == b.ended));
  BOOST_TEST(a.distinct_states == b.distinct_states);
  BOOST_TEST(a.transitions == b.transitions);
  BOOST_TEST(a.graph == b.graph);
  BOOST_TEST(a.levels == b.levels, boost::test_tools::per_element());
  BOOST_TEST((a.actions == b.actions));
  BOOST_TEST(a.terminal_states == b.terminal_states);
  for (std::size_t i = 0; i < a.sometimes.size(); ++i) {
    BOOST_TEST((a.sometimes[i].first_level == b.sometimes[i].first_level));
  }
}

BOOST_AUTO_TEST_CASE(resumed_search_ends_as_the_one_that_was_not_stopped) {
  const Folder folder;
  const std::string path = folder.file("checkpoint");
  const SearchResult whole = search(PublicTla<1>(bounds), SearchOptions{});
  for (const int rounds : {0, 1, 7, 30, 60}) {
    stop_after(rounds, path);
    for (const unsigned threads : {1U, 2U}) {
      BOOST_TEST_CONTEXT(rounds << " rounds, then " << threads << " threads") {
        same(search(PublicTla<1>(bounds), resuming(path, threads)), whole);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(resumed_search_knows_which_states_the_checkpoint_brought) {
  const Folder folder;
  const std::string path = folder.file("checkpoint");
  SearchOptions options = saving_to(path);
  int rounds = 30;
  options.stop_requested = [&rounds] { return rounds-- == 0; };
  const SearchResult stopped = search(PublicTla<1>(bounds), options);
  BOOST_TEST(stopped.restored_states == 0U);
  const SearchResult resumed = search(PublicTla<1>(bounds), resuming(path));
  BOOST_TEST(resumed.restored_states == stopped.distinct_states);
  BOOST_TEST(resumed.distinct_states > resumed.restored_states);
}

BOOST_AUTO_TEST_CASE(killed_search_loses_at_most_the_last_interval) {
  const Folder folder;
  const std::string path = folder.file("checkpoint");
  const pid_t child = ::fork();
  if (child == 0) {
    SearchOptions options = saving_to(path);
    int rounds = 40;
    options.stop_requested = [&rounds]() -> bool {
      if (rounds-- == 0) ::raise(SIGKILL);
      return false;
    };
    (void)search(PublicTla<1>(bounds), options);
    ::_exit(0);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_REQUIRE(WIFSIGNALED(status));
  // What was saved last is the search after 40 rounds: the interval is one round.
  const std::string stopped = folder.file("stopped");
  stop_after(40, stopped);
  BOOST_TEST((text_of(path) == text_of(stopped)));
  same(search(PublicTla<1>(bounds), resuming(path)), search(PublicTla<1>(bounds), SearchOptions{}));
}

BOOST_AUTO_TEST_CASE(previous_checkpoint_is_kept) {
  const Folder folder;
  const std::string path = folder.file("checkpoint");
  stop_after(7, path);
  const SearchResult whole = search(PublicTla<1>(bounds), SearchOptions{});
  same(search(PublicTla<1>(bounds), resuming(previous_checkpoint(path))), whole);
  BOOST_TEST(folder.files() == 2U);
}

BOOST_AUTO_TEST_CASE(checkpoint_that_cannot_be_written_ends_the_search_in_one_line) {
  SearchOptions options = saving_to("/dev/full");
  const SearchResult result = search(PublicTla<1>(bounds), options);
  BOOST_TEST((result.ended == Ended::CheckpointRefused));
  BOOST_TEST(result.failure == "cannot write '/dev/full': No space left on device");
}

std::string refusal(const std::string& path, const std::string& identity = "test") {
  SearchOptions options = resuming(path);
  options.identity = identity;
  const SearchResult result = search(PublicTla<1>(bounds), options);
  BOOST_TEST((result.ended == Ended::CheckpointRefused));
  return result.failure;
}

BOOST_AUTO_TEST_CASE(checkpoint_of_another_search_or_of_nothing_is_refused) {
  const Folder folder;
  const std::string path = folder.file("checkpoint");
  stop_after(7, path);
  BOOST_TEST(refusal(path, "other") ==
             "checkpoint '" + path + "' is of another search: test; this one is other");
  BOOST_TEST(refusal(folder.file("none")) ==
             "cannot read checkpoint '" + folder.file("none") + "': No such file or directory");
  BOOST_TEST(refusal(folder.file("")).find("it is a folder") != std::string::npos);
  std::ofstream(folder.file("text")) << "this is no checkpoint at all";
  BOOST_TEST(refusal(folder.file("text")) ==
             "'" + folder.file("text") + "' is not a checkpoint of quiesce explore");
  std::ofstream(folder.file("empty")).flush();
  BOOST_TEST(refusal(folder.file("empty")) ==
             "'" + folder.file("empty") + "' is not a checkpoint of quiesce explore");
}

BOOST_AUTO_TEST_CASE(checkpoint_with_any_word_changed_is_refused) {
  const Folder folder;
  const std::string path = folder.file("checkpoint");
  stop_after(3, path);
  const std::string whole = text_of(path);
  for (std::size_t at = 0; at < whole.size(); at += 8) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(path, std::ios::binary) << changed;
    BOOST_TEST(refusal(path) != "", "byte " << at);
  }
  for (std::size_t size = 0; size < whole.size(); size += 8) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    BOOST_TEST(refusal(path) != "", "cut at " << size);
  }
  std::ofstream(path, std::ios::binary) << whole;
  BOOST_TEST((search(PublicTla<1>(bounds), resuming(path)).ended == Ended::Complete));
}

BOOST_AUTO_TEST_CASE(checkpoint_of_another_version_says_so) {
  const Folder folder;
  const std::string path = folder.file("checkpoint");
  stop_after(3, path);
  std::string text = text_of(path);
  text[16] = 3;
  std::ofstream(path, std::ios::binary) << text;
  BOOST_TEST(refusal(path) ==
             "checkpoint '" + path + "' has version 3; this program reads version 4");
}

BOOST_AUTO_TEST_CASE(command_resumes_and_refuses_a_checkpoint_of_other_bounds) {
  const Folder folder;
  ExploreArguments arguments = public_tla();
  arguments.checkpoint_path = folder.file("checkpoint");
  int asked = 0;
  arguments.stop_requested = [&asked] { return ++asked > 20; };
  std::ostringstream out;
  std::ostringstream err;
  BOOST_TEST(explore_command(arguments, out, err) == 2);
  arguments.stop_requested = nullptr;
  arguments.resume_path = std::exchange(arguments.checkpoint_path, "");
  std::ostringstream table;
  BOOST_TEST(explore_command(arguments, table, err) == 0);
  BOOST_TEST(table.str().find("13,686") != std::string::npos);
  BOOST_TEST(err.str() == "");
  arguments.exact = true;  // what fingerprints took for known is not there
  BOOST_TEST(explore_command(arguments, table, err) == 2);
  BOOST_TEST(err.str().find("mask 2; this one is public-tla tasks 2 regions 2 obligations 1 mask 2 "
                            "exact; without --resume the search begins anew") != std::string::npos,
             err.str());
  arguments.exact = false;
  arguments.bounds["tasks"] = 3;
  BOOST_TEST(explore_command(arguments, table, err) == 2);
  BOOST_TEST(err.str().find("is of another search: public-tla tasks 2 regions 2") !=
             std::string::npos);
  std::ofstream(previous_checkpoint(arguments.resume_path)) << "an older one";
  std::ostringstream again;
  BOOST_TEST(explore_command(arguments, table, again) == 2);
  BOOST_TEST(again.str().find("; '" + previous_checkpoint(arguments.resume_path) +
                              "' is the one before it") != std::string::npos,
             again.str());
}

/// Only what can be kept is said to have been kept.
BOOST_AUTO_TEST_CASE(a_search_that_cannot_be_kept_does_not_recommend_a_checkpoint) {
  ExploreArguments arguments;
  arguments.model = "house";
  arguments.stop_requested = [] { return true; };
  for (const bool reduce : {false, true}) {
    arguments.reduce = reduce;
    std::ostringstream out;
    std::ostringstream err;
    BOOST_TEST(explore_command(arguments, out, err) == 2);
    BOOST_TEST((out.str().find("--checkpoint") == std::string::npos) == reduce, out.str());
    BOOST_TEST(out.str().find("next          again") != std::string::npos, out.str());
  }
}

}  // namespace
}  // namespace quiesce::explore
