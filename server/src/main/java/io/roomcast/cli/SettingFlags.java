package io.roomcast.cli;

import io.roomcast.config.Layer;
import io.roomcast.config.Setting;
import io.roomcast.config.Settings;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Gives a command a flag for each {@link Setting}, and reads what was given. Picocli only takes
 * them apart; what they mean is for {@link Settings}, which knows the other sources too.
 */
final class SettingFlags implements IModelTransformer {
  private static final String CONFIG = "--config";

  @Override
  public CommandSpec transform(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .paramLabel("FILE")
            .type(String.class)
            .description("Read settings from this YAML file (ROOMCAST_CONFIG).")
            .build());
    for (Setting setting : Setting.values()) {
      spec.addOption(option(setting));
      if (setting.secret()) {
        spec.addOption(
            OptionSpec.builder(setting.flag() + Layer.FILE)
                .paramLabel("FILE")
                .type(String.class)
                .description("The same from a file (" + setting.variable() + "_FILE).")
                .build());
      }
    }
    return spec;
  }

  private static OptionSpec option(Setting setting) {
    String preset = setting.preset().isEmpty() ? "" : "; default: " + setting.preset();
    OptionSpec.Builder option =
        OptionSpec.builder(setting.flag())
            .paramLabel(setting.placeholder())
            .description(setting.meaning() + " (" + setting.variable() + preset + ")");
    if (setting.several()) {
      return option.type(List.class).auxiliaryTypes(String.class).build();
    }
    if (setting.bare()) {
      option.arity("0..1").fallbackValue("true");
    }
    return option.type(String.class).build();
  }

  /** Where this command's settings come from. */
  static Settings.Sources sources(CommandSpec spec) {
    return sources(spec, System.getenv());
  }

  private static Settings.Sources sources(CommandSpec spec, Map<String, String> environment) {
    ParseResult parsed = spec.commandLine().getParseResult();
    Layer flags = new Layer();
    for (Setting setting : Setting.values()) {
      String flag = setting.flag();
      if (parsed.hasMatchedOption(flag)) {
        flags.put(setting, texts(parsed, flag, setting), flag, flag);
      }
      if (setting.secret() && parsed.hasMatchedOption(flag + Layer.FILE)) {
        flags.putFile(
            setting,
            parsed.matchedOptionValue(flag + Layer.FILE, ""),
            flag + Layer.FILE,
            flag + Layer.FILE);
      }
    }
    return new Settings.Sources(flags, environment, parsed.matchedOptionValue(CONFIG, ""));
  }

  private static List<String> texts(ParseResult parsed, String flag, Setting setting) {
    return setting.several()
        ? parsed.matchedOptionValue(flag, List.<String>of())
        : List.of(parsed.matchedOptionValue(flag, ""));
  }
}
