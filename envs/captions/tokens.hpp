#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Pictures described in words: what captions are made of, where they come from, and how good they are.
namespace saccade::envs::captions {

/// The words of a caption.
using Tokens = std::vector<std::string>;

/// Words of a raw caption: ASCII capitals become small, every ASCII punctuation character is dropped, and what is left
/// is cut at white space. Hence "A tri-colored dog 's toy ." is {a, tricolored, dog, s, toy}. Other bytes stay as they
/// are.
///
/// The paper says no more than "basic tokenisation" (Xu et al. 2015). This is the rule of the preparation script that
/// Karpathy published with neuraltalk2; in his dataset_*.json captions are cut into words already, and are not touched.
[[nodiscard]] Tokens tokenise(std::string_view text);

/// Words with a space between them.
[[nodiscard]] std::string join(const Tokens& tokens);

}  // namespace saccade::envs::captions
