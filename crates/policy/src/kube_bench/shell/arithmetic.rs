//! `$(( ))` over whole numbers: sums, differences and products from the left, with names of variables.

/// None where it is something else.
pub(super) fn value(text: &str, variable: &dyn Fn(&str) -> String) -> Option<i64> {
    let mut sum = 0i64;
    let mut sign = 1i64;
    let mut product: Option<i64> = None;
    let mut is_product = false;
    for token in tokens(text) {
        match token.as_str() {
            "+" | "-" => {
                sum = sum.checked_add(sign.checked_mul(product.take()?)?)?;
                sign = if token == "+" { 1 } else { -1 };
            }
            "*" => is_product = true,
            _ => {
                let number = match token.parse::<i64>() {
                    Ok(number) => number,
                    Err(_) => {
                        let text = variable(token.trim_start_matches('$'));
                        if text.is_empty() { 0 } else { text.parse().ok()? }
                    }
                };
                product = match (product, is_product) {
                    (None, _) => Some(number),
                    (Some(product), true) => Some(product.checked_mul(number)?),
                    (Some(_), false) => return None,
                };
                is_product = false;
            }
        }
    }
    sum.checked_add(sign.checked_mul(product?)?)
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut word = String::new();
    for character in text.chars() {
        match character {
            '+' | '-' | '*' | ' ' | '\n' | '\t' => {
                if !word.is_empty() {
                    tokens.push(std::mem::take(&mut word));
                }
                if !character.is_whitespace() {
                    tokens.push(character.to_string());
                }
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn sums_and_products_of_numbers_and_variables() {
        let variable = |name: &str| if name == "a" { "4".to_owned() } else { String::new() };
        assert_eq!(value("a + 2*3 - 1", &variable), Some(9));
        assert_eq!(value("$a+b", &variable), Some(4));
        assert_eq!(value("1 2", &variable), None);
        assert_eq!(value("", &variable), None);
    }
}
